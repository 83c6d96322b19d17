"""Routes of people and accounts: pages, and the API beside them."""

from django.urls import URLPattern, URLResolver, include, path

from staff.accounts.urls import api_urlpatterns as accounts_api
from staff.people.urls import api_urlpatterns as people_api
from staff.runs.urls import api_urlpatterns as runs_api
from staff.tokens.urls import api_urlpatterns as tokens_api

app_name = "staff"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("staff.accounts.urls")),
    path("", include("staff.people.urls")),
    path("", include("staff.runs.urls")),
    path("", include("staff.tokens.urls")),
]
api_urlpatterns = [
    *accounts_api,
    *people_api,
    *runs_api,
    *tokens_api,
]
