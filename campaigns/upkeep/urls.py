"""Routes of the ground: for monitors and operators."""

from django.urls import URLPattern, path

from campaigns.upkeep.views import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
]

api_urlpatterns: list[URLPattern] = []
