"""Routes of campaigns, of their logs and of the archive: pages, and the same under /api/."""

from django.urls import path

from campaigns.campaign import api, views

urlpatterns = [
    path("campaigns/", views.campaigns, name="campaigns"),
    path("campaigns/<int:campaign_id>/archive/", views.archive, name="archive_campaign"),
    path("campaigns/<int:campaign_id>/restore/", views.restore, name="restore_campaign"),
    path("campaigns/<int:campaign_id>/log/", views.log, name="log"),
]

api_urlpatterns = [
    path("campaigns/", api.CampaignsView.as_view(), name="campaigns"),
    path("campaigns/<int:campaign_id>/", api.CampaignView.as_view(), name="campaign"),
]
