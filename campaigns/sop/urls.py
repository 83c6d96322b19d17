"""Routes of procedures and of new campaigns: pages, and the same under /api/."""

from django.urls import path

from campaigns.sop import views
from campaigns.sop.api import campaigns, templates

urlpatterns = [
    path("sop/", views.sop, name="sop"),
    path("sop/load/", views.load, name="load_sop"),
    path("sop/<int:version_id>/", views.version, name="sop_version"),
    path("campaigns/new/", views.create, name="create"),
]

api_urlpatterns = [
    path("campaigns/", campaigns.CampaignsView.as_view(), name="campaigns"),
    path("campaigns/preview/", campaigns.PreviewView.as_view(), name="preview_campaign"),
    path("sop/", templates.TemplatesView.as_view(), name="sop"),
    path("sop/<int:version_id>/", templates.VersionView.as_view(), name="sop_version"),
]
