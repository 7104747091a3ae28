from django.urls import path

from units.trail import views

urlpatterns = [
    path("trail/", views.system_trail, name="system_trail"),
]
