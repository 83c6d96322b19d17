"""Standard operating procedures. Owns SopTemplate, SopVersion, SopStep, PlanGeneration; reads calendars, campaign.

Turns a version into a campaign's tasks through the board's actions; leaves the PlanGeneration row that the plan message
is found by.
"""
