"""Routes of the screens over several slices."""

from django.urls import path

from campaigns.desk.views import health, overview, today

urlpatterns = [
    path("", today.today, name="today"),
    path("campaigns/<int:campaign_id>/", overview.overview, name="overview"),
    path("campaigns/<int:campaign_id>/roles/", overview.set_role_holder, name="set_role_holder"),
    path("healthz", health.healthz, name="healthz"),
]
