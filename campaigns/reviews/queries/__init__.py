"""Reviews: the facts they are compiled from, and the page as its readers may see it."""

from campaigns.reviews.queries.facts import campaigns_to_compile, review_facts, stored_summary
from campaigns.reviews.queries.screen import lesson_for, lessons_of, notes_of, review_screen
from campaigns.reviews.queries.shown import GoalLine, LessonLine, NotesShown, ReviewScreen

__all__ = [
    "GoalLine",
    "LessonLine",
    "NotesShown",
    "ReviewScreen",
    "campaigns_to_compile",
    "lesson_for",
    "lessons_of",
    "notes_of",
    "review_facts",
    "review_screen",
    "stored_summary",
]
