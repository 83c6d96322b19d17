"""What was learnt.

Owns CampaignReview and Lesson; reads metrics, board, reminders and the log; leaves a queued Run for each review to
compile; an improve lesson becomes a task through the board's action.
"""
