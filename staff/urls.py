"""Routes of people and accounts."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "staff"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("staff.people.urls")),
    path("", include("staff.runs.urls")),
    path("", include("staff.tokens.urls")),
]
