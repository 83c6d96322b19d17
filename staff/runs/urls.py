"""Routes of runs, in the namespace `staff`."""

from django.urls import path

from staff.runs import views

urlpatterns = [
    path("runs/<int:run_id>/", views.run, name="run"),
    path("runs/<int:run_id>/cancel/", views.cancel, name="cancel_run"),
]
