"""Routes of campaigns, of their logs and of the archive: pages, and the same under /api/."""

from django.urls import path

from campaigns.campaign import api, views

urlpatterns = [
    path("campaigns/<int:campaign_id>/archive/", views.archive, name="archive_campaign"),
    path("campaigns/<int:campaign_id>/restore/", views.restore, name="restore_campaign"),
    path("campaigns/<int:campaign_id>/log/", views.log, name="log"),
    path("campaigns/<int:campaign_id>/log/export/", views.export_log, name="export_log"),
]

# The list of campaigns stands with procedures: what is posted to it is made of one.
api_urlpatterns = [
    path("campaigns/<int:campaign_id>/", api.CampaignView.as_view(), name="campaign"),
    path("campaigns/<int:campaign_id>/archive/", api.ArchiveView.as_view(), name="archive_campaign"),
    path("campaigns/<int:campaign_id>/restore/", api.RestoreView.as_view(), name="restore_campaign"),
    path("campaigns/<int:campaign_id>/log/", api.LogView.as_view(), name="log"),
    path("stores/", api.StoresView.as_view(), name="stores"),
]
