"""Verbs on reviews: compiling in one file, what people write in the other."""

from campaigns.reviews.actions.compiling import ask_compile, compile_review, queue_due_reviews, run_compile
from campaigns.reviews.actions.undo import undo_review_change
from campaigns.reviews.actions.writing import add_lesson, edit_lesson, forget_tasks, remove_lesson, write_notes

__all__ = [
    "add_lesson",
    "ask_compile",
    "compile_review",
    "edit_lesson",
    "forget_tasks",
    "queue_due_reviews",
    "remove_lesson",
    "run_compile",
    "undo_review_change",
    "write_notes",
]
