from django.urls import include, path

urlpatterns = [
    path("", include("awards.editions.urls")),
    path("", include("awards.law.urls")),
    path("", include("awards.nominations.urls")),
    path("", include("awards.ledger.urls")),
    path("", include("awards.initiatives.urls")),
    path("", include("awards.review.urls")),
    path("", include("awards.decisions.urls")),
    path("", include("awards.fund.urls")),
    path("", include("awards.suggestions.urls")),
    path("", include("awards.councils.urls")),
]
