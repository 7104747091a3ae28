from django.urls import path

from portal.web import views

urlpatterns = [
    path("health/", views.health, name="health"),
    path("pick/<slug:source>/", views.pick, name="pick"),
    path("session/keep/", views.keep_session, name="keep_session"),
]
