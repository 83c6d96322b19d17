"""Routes of procedures and of the form for a new campaign."""

from django.urls import path

from campaigns.sop import views

urlpatterns = [
    path("sop/", views.sop, name="sop"),
    path("sop/load/", views.load, name="load_sop"),
    path("sop/<int:version_id>/", views.version, name="sop_version"),
    path("campaigns/new/", views.create, name="create"),
]
