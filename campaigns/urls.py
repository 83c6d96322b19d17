"""Routes of every slice."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "campaigns"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("campaigns.desk.urls")),
    path("", include("campaigns.board.urls")),
    path("", include("campaigns.phases.urls")),
    path("", include("campaigns.reminders.urls")),
    path("", include("campaigns.campaign.urls")),
    path("", include("campaigns.sop.urls")),
    path("", include("campaigns.metrics.urls")),
    path("", include("campaigns.reviews.urls")),
]
