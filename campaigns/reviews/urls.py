"""Routes of reviews, in the namespace `campaigns`."""

from django.urls import path

from campaigns.reviews import views

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
