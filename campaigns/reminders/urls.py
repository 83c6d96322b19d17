"""Routes of notices and of the ledger."""

from django.urls import path

from campaigns.reminders import views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/bell/", views.bell, name="bell"),
    path("notices/read/", views.read_all, name="read_all"),
    path("notices/<int:notice_id>/open/", views.open_notice, name="open_notice"),
    path("notices/<int:notice_id>/read/", views.read_notice, name="read_notice"),
    path("campaigns/<int:campaign_id>/reminders/", views.ledger, name="ledger"),
    path("campaigns/<int:campaign_id>/reminders/<int:delivery_id>/retry/", views.retry, name="retry_delivery"),
]
