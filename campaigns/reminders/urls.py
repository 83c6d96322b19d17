"""Routes of notices and of the ledger: pages, and the same under /api/."""

from django.urls import path

from campaigns.reminders import api, views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/bell/", views.bell, name="bell"),
    path("notices/read/", views.read_all, name="read_all"),
    path("notices/<int:notice_id>/open/", views.open_notice, name="open_notice"),
    path("notices/<int:notice_id>/read/", views.read_notice, name="read_notice"),
    path("campaigns/<int:campaign_id>/reminders/", views.ledger, name="ledger"),
    path("campaigns/<int:campaign_id>/reminders/<int:delivery_id>/retry/", views.retry, name="retry_delivery"),
]

api_urlpatterns = [
    path("notices/", api.NoticesView.as_view(), name="notices"),
    path("notices/bell/", api.BellView.as_view(), name="bell"),
    path("notices/read/", api.ReadAllView.as_view(), name="read_all"),
    path("notices/<int:notice_id>/read/", api.ReadNoticeView.as_view(), name="read_notice"),
    path("campaigns/<int:campaign_id>/reminders/", api.LedgerView.as_view(), name="ledger"),
    path(
        "campaigns/<int:campaign_id>/reminders/<int:delivery_id>/retry/",
        api.RetryView.as_view(),
        name="retry_delivery",
    ),
]
