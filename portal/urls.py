from django.urls import include, path

urlpatterns = [
    path("", include("portal.web.urls")),
    path("", include("portal.notices.urls")),
    path("", include("portal.exchange.urls")),
    path("", include("portal.papers.urls")),
    path("", include("portal.operations.urls")),
    path("", include("portal.jobs.urls")),
]
