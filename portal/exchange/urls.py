from django.urls import path

from portal.exchange import views

urlpatterns = [
    path("data/", views.exchange_home, name="exchange_home"),
    path("data/<slug:key>/template/", views.exchange_template, name="exchange_template"),
    path("data/<slug:key>/export/", views.exchange_export, name="exchange_export"),
    path("data/<slug:key>/import/", views.exchange_upload, name="exchange_upload"),
    path("data/imports/<int:pk>/", views.exchange_import, name="exchange_import"),
    path("data/imports/<int:pk>/report/", views.exchange_report, name="exchange_report"),
    path("data/imports/<int:pk>/apply/", views.exchange_apply, name="exchange_apply"),
    path("data/imports/<int:pk>/again/", views.exchange_again, name="exchange_again"),
]
