"""Routes of phase moves: pages, and the same under /api/."""

from django.urls import path

from campaigns.phases import api, views

urlpatterns = [
    path("campaigns/<int:campaign_id>/phase/", views.advance, name="advance_phase"),
    path("campaigns/<int:campaign_id>/phase/back/", views.back, name="step_back"),
    path("campaigns/<int:campaign_id>/close/", views.close, name="close_routine"),
]

api_urlpatterns = [
    path("campaigns/<int:campaign_id>/phase/", api.AdvanceView.as_view(), name="advance_phase"),
    path("campaigns/<int:campaign_id>/phase/back/", api.StepBackView.as_view(), name="step_back"),
    path("campaigns/<int:campaign_id>/close/", api.CloseView.as_view(), name="close_routine"),
]
