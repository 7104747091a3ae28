from django.urls import include, path

urlpatterns = [
    path("", include("units.hierarchy.urls")),
    path("", include("units.reorganisation.urls")),
    path("", include("units.access.urls")),
    path("", include("units.trail.urls")),
    path("", include("units.people.urls")),
]
