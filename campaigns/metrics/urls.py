"""Routes of figures: pages, and the same under /api/."""

from django.urls import path

from campaigns.metrics import api, views

urlpatterns = [
    path("campaigns/<int:campaign_id>/numbers/", views.numbers, name="numbers"),
    path("campaigns/<int:campaign_id>/numbers/import/", views.import_orders, name="import_orders"),
    path("campaigns/<int:campaign_id>/numbers/imports/<int:batch_id>/undo/", views.undo_import, name="undo_import"),
    path("campaigns/<int:campaign_id>/numbers/target/", views.set_target, name="set_target"),
    path("campaigns/<int:campaign_id>/numbers/visitors/", views.set_visitors, name="set_visitors"),
    path("campaigns/<int:campaign_id>/numbers/visitors/paste/", views.paste_visitors, name="paste_visitors"),
]

api_urlpatterns = [
    path("campaigns/<int:campaign_id>/numbers/", api.NumbersView.as_view(), name="numbers"),
    path("campaigns/<int:campaign_id>/numbers/imports/", api.ImportsView.as_view(), name="import_orders"),
    path("campaigns/<int:campaign_id>/numbers/imports/<int:batch_id>/", api.ImportView.as_view(), name="import"),
    path(
        "campaigns/<int:campaign_id>/numbers/imports/<int:batch_id>/undo/",
        api.UndoImportView.as_view(),
        name="undo_import",
    ),
    path("campaigns/<int:campaign_id>/numbers/target/", api.TargetView.as_view(), name="set_target"),
    path("campaigns/<int:campaign_id>/numbers/visitors/", api.VisitorsView.as_view(), name="set_visitors"),
]
