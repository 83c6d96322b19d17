"""The work. Owns Task and what hangs on it: helpers, dependencies, checklist, comments.

Reads campaign and staff; leaves campaign events, and tasks and mentions that the reminders' sweep finds.
"""
