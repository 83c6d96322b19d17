"""Routes of phase moves."""

from django.urls import path

from campaigns.phases import views

urlpatterns = [
    path("campaigns/<int:campaign_id>/phase/", views.advance, name="advance_phase"),
    path("campaigns/<int:campaign_id>/phase/back/", views.back, name="step_back"),
    path("campaigns/<int:campaign_id>/close/", views.close, name="close_routine"),
]
