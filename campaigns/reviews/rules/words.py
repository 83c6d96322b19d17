"""Names of what a summary stores as codes."""

from planner.core.words import say

GOAL_NAMES = {
    "paid_amount": say("Paid amount"),
    "net": say("Net amount"),
    "visitors": say("Visitors"),
    "conversion": say("Conversion"),
    "order_value": say("Order value"),
}
FACTOR_NAMES = {
    "visitors": say("Visitors"),
    "conversion": say("Conversion"),
    "order_value": say("Order value"),
}
MISSING_NAMES = {
    "target": say("a target"),
    "target_visitors": say("the target's visitors"),
    "target_conversion": say("the target's conversion or order value"),
    "visitors": say("visitors: an order file has none"),
    "visitors_of_days": say("visitors of %(days)s days on which orders were paid"),
}
REMINDER_NAMES = {
    "due_24h": say("Due in 24 hours"),
    "due_2h": say("Due in 2 hours"),
    "overdue": say("Overdue"),
    "overdue_24h": say("Overdue by 24 hours"),
    "overdue_24h_lead": say("Overdue by 24 hours, to the lead"),
    "mention": say("Named in a comment"),
}
