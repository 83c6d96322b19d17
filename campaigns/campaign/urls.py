"""Routes of the list of campaigns and of a campaign's log."""

from django.urls import path

from campaigns.campaign import views

urlpatterns = [
    path("campaigns/", views.campaigns, name="campaigns"),
    path("campaigns/<int:campaign_id>/log/", views.log, name="log"),
]
