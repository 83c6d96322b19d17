"""Every route: the team's pages from `staff`, everything else from `campaigns`."""

from django.urls import include, path

urlpatterns = [
    path("", include("staff.urls")),
    path("", include("campaigns.urls")),
]
handler404 = "planner.web.errors.not_found"
handler403 = "planner.web.errors.forbidden"
handler500 = "planner.web.errors.broken"
