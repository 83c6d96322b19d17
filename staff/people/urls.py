"""Routes of people and accounts: pages, and the same under /api/."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from staff.people import api, views

urlpatterns = [
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(next_page="staff:login"), name="logout"),
    path("account/language/", views.language, name="language"),
    path("account/password/", views.password, name="password"),
    path("people/", views.people, name="people"),
    path("people/<int:team_id>/add/", views.add_person, name="add_person"),
    path("people/<int:team_id>/<int:user_id>/place/", views.change_place, name="change_place"),
]

api_urlpatterns = [
    path("me/", api.MeView.as_view(), name="me"),
]
