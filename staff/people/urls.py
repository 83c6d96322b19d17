"""Routes of people: pages, and the same under /api/."""

from django.urls import path

from staff.people import api, views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/<int:team_id>/add/", views.add_person, name="add_person"),
    path("people/<int:team_id>/<int:user_id>/place/", views.change_place, name="change_place"),
]

api_urlpatterns = [
    path("me/", api.MeView.as_view(), name="me"),
]
