from django.urls import include, path

urlpatterns = [
    path("", include("campaigns.home.urls")),
    path("", include("campaigns.campaigns.urls")),
    path("", include("campaigns.plans.urls")),
    path("", include("campaigns.desk.urls")),
    path("", include("campaigns.reminders.urls")),
]
