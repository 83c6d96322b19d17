"""Routes of people: pages, and the same under /api/."""

from django.urls import path

from staff.people import api, views

urlpatterns = [
    path("account/guide/", views.guide, name="guide"),
    path("team/", views.people, name="people"),
    path("people/<int:team_id>/add/", views.add_person, name="add_person"),
    path("people/<int:team_id>/log/", views.log, name="team_log"),
    path("people/<int:team_id>/log/export/", views.export_log, name="export_team_log"),
    path("people/<int:team_id>/<int:user_id>/place/", views.change_place, name="change_place"),
    path("people/<int:team_id>/<int:user_id>/deactivate/", views.deactivate, name="deactivate_person"),
    path("people/<int:team_id>/<int:user_id>/reactivate/", views.reactivate, name="reactivate_person"),
]

api_urlpatterns = [
    path("me/", api.MeView.as_view(), name="me"),
    path("me/language/", api.LanguageView.as_view(), name="language"),
    path("me/guide/", api.GuideView.as_view(), name="guide"),
    path("teams/", api.TeamsView.as_view(), name="teams"),
    path("teams/<int:team_id>/people/", api.PeopleView.as_view(), name="people"),
    path("teams/<int:team_id>/people/<int:user_id>/", api.PersonView.as_view(), name="person"),
    path(
        "teams/<int:team_id>/people/<int:user_id>/deactivate/", api.DeactivateView.as_view(), name="deactivate_person"
    ),
    path(
        "teams/<int:team_id>/people/<int:user_id>/reactivate/", api.ReactivateView.as_view(), name="reactivate_person"
    ),
    path("teams/<int:team_id>/events/", api.TeamEventsView.as_view(), name="team_events"),
]
