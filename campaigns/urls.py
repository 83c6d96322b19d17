"""Routes of every slice: pages, and the API beside them."""

from django.urls import URLPattern, URLResolver, include, path

from campaigns.board.urls import api_urlpatterns as board_api
from campaigns.campaign.urls import api_urlpatterns as campaign_api
from campaigns.changes.urls import api_urlpatterns as changes_api
from campaigns.desk.urls import api_urlpatterns as desk_api
from campaigns.metrics.urls import api_urlpatterns as metrics_api
from campaigns.phases.urls import api_urlpatterns as phases_api
from campaigns.reminders.urls import api_urlpatterns as reminders_api
from campaigns.reviews.urls import api_urlpatterns as reviews_api
from campaigns.sop.urls import api_urlpatterns as sop_api
from campaigns.upkeep.urls import api_urlpatterns as upkeep_api

app_name = "campaigns"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("campaigns.desk.urls")),
    path("", include("campaigns.board.urls")),
    path("", include("campaigns.changes.urls")),
    path("", include("campaigns.phases.urls")),
    path("", include("campaigns.reminders.urls")),
    path("", include("campaigns.campaign.urls")),
    path("", include("campaigns.sop.urls")),
    path("", include("campaigns.metrics.urls")),
    path("", include("campaigns.reviews.urls")),
    path("", include("campaigns.upkeep.urls")),
]
api_urlpatterns = [
    *board_api,
    *campaign_api,
    *changes_api,
    *desk_api,
    *metrics_api,
    *phases_api,
    *reminders_api,
    *reviews_api,
    *sop_api,
    *upkeep_api,
]
