"""Every route: the team's pages from `staff`, everything else from `campaigns`, and both again under /api/."""

from django.conf import settings
from django.urls import include, path

from campaigns.urls import api_urlpatterns as campaigns_api
from planner.web.api.schema import Schema, docs
from planner.web.styleguide import styleguide
from staff.urls import api_urlpatterns as staff_api

api = [
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
    *staff_api,
    *campaigns_api,
]
urlpatterns = [
    path("api/", include((api, "api"))),
    path("", include("staff.urls")),
    path("", include("campaigns.urls")),
    *([path("styleguide/", styleguide, name="styleguide")] if settings.TALKATIVE else []),
]
handler400 = "planner.web.errors.bad_request"
handler404 = "planner.web.errors.not_found"
handler403 = "planner.web.errors.forbidden"
handler500 = "planner.web.errors.broken"
