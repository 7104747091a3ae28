from django.urls import path

from portal.operations import views

urlpatterns = [
    path("status/", views.system_status, name="system_status"),
]
