"""Routes of the screens over several slices: pages, and the same under /api/."""

from django.urls import path

from campaigns.desk.api.overview import OverviewView, RolesView
from campaigns.desk.api.requests import NewRequestView, RequestsView
from campaigns.desk.api.search import SearchView
from campaigns.desk.api.today import TodayView
from campaigns.desk.views import campaigns, overview, people, requests, search, today

urlpatterns = [
    path("", today.today, name="today"),
    path("campaigns/", campaigns.campaigns, name="campaigns"),
    path("campaigns/<int:campaign_id>/", overview.overview, name="overview"),
    path("campaigns/<int:campaign_id>/roles/", overview.set_role_holder, name="set_role_holder"),
    path("search/", search.search, name="search"),
    path("requests/", requests.requests, name="requests"),
    path("requests/new/", requests.create_request, name="create_request"),
    path("requests/<int:task_id>/accept/", requests.accept_request, name="accept_request"),
    path("requests/<int:task_id>/decline/", requests.decline_request, name="decline_request"),
    path("people/", people.people, name="people"),
    path("people/<int:team_id>/<int:user_id>/", people.person, name="person"),
]

api_urlpatterns = [
    path("search/", SearchView.as_view(), name="search"),
    path("today/", TodayView.as_view(), name="today"),
    path("requests/", RequestsView.as_view(), name="requests"),
    path("campaigns/<int:campaign_id>/requests/", NewRequestView.as_view(), name="create_request"),
    path("campaigns/<int:campaign_id>/overview/", OverviewView.as_view(), name="overview"),
    path("campaigns/<int:campaign_id>/roles/", RolesView.as_view(), name="set_role_holder"),
]
