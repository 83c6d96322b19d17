"""Routes of runs: pages, and the same under /api/."""

from django.urls import path

from staff.runs import api, views

urlpatterns = [
    path("runs/<int:run_id>/", views.run, name="run"),
    path("runs/<int:run_id>/cancel/", views.cancel, name="cancel_run"),
]

api_urlpatterns = [
    path("runs/<int:run_id>/", api.RunView.as_view(), name="run"),
    path("runs/<int:run_id>/cancel/", api.CancelRunView.as_view(), name="cancel_run"),
]
