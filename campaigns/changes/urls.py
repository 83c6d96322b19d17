"""Routes of taking back: the page's form, and the same under /api/."""

from django.urls import path

from campaigns.changes import views
from campaigns.changes.api import UndoChangeView

urlpatterns = [
    path("changes/<int:event_id>/undo/", views.undo_change, name="undo_change"),
    path("tasks/<int:task_id>/line/reopen/", views.reopen_line, name="reopen_line"),
]
api_urlpatterns = [path("changes/<int:event_id>/undo/", UndoChangeView.as_view(), name="undo_change")]
