"""Routes of one's own tokens: pages, and the same under /api/."""

from django.urls import path

from staff.tokens import api, views

urlpatterns = [
    path("account/tokens/", views.tokens, name="tokens"),
    path("account/tokens/<int:token_id>/revoke/", views.revoke, name="revoke_token"),
]

api_urlpatterns = [
    path("tokens/", api.TokensView.as_view(), name="tokens"),
    path("tokens/<int:token_id>/", api.TokenView.as_view(), name="token"),
]
