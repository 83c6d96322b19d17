"""Routes of reviews: pages, and the same under /api/."""

from django.urls import path

from campaigns.reviews import api, views

urlpatterns = [
    path("campaigns/<int:campaign_id>/review/", views.review, name="review"),
    path("campaigns/<int:campaign_id>/review/compile/", views.compile_now, name="compile_review"),
    path("campaigns/<int:campaign_id>/review/notes/", views.write_notes, name="write_notes"),
    path("campaigns/<int:campaign_id>/review/lessons/", views.add_lesson, name="add_lesson"),
    path("campaigns/<int:campaign_id>/review/lessons/<int:lesson_id>/", views.edit_lesson, name="edit_lesson"),
    path(
        "campaigns/<int:campaign_id>/review/lessons/<int:lesson_id>/remove/", views.remove_lesson, name="remove_lesson"
    ),
]

api_urlpatterns = [
    path("campaigns/<int:campaign_id>/review/", api.ReviewView.as_view(), name="review"),
    path("campaigns/<int:campaign_id>/review/compile/", api.CompileView.as_view(), name="compile_review"),
    path("campaigns/<int:campaign_id>/review/notes/", api.NotesView.as_view(), name="write_notes"),
    path("campaigns/<int:campaign_id>/review/lessons/", api.LessonsView.as_view(), name="add_lesson"),
    path("campaigns/<int:campaign_id>/review/lessons/<int:lesson_id>/", api.LessonView.as_view(), name="edit_lesson"),
]
