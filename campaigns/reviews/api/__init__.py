"""Reviews over the API: a file each for the whole review, its notes and its lessons."""

from campaigns.reviews.api.lessons import LessonsView, LessonView
from campaigns.reviews.api.notes import NotesView
from campaigns.reviews.api.review import CompileView, ReviewView

__all__ = ["CompileView", "LessonView", "LessonsView", "NotesView", "ReviewView"]
