from django.urls import path

from awards.law import views

urlpatterns = [
    path("awards/rules/", views.award_catalogue, name="award_catalogue"),
    path("awards/rules/compare/", views.edition_compare, name="edition_compare"),
    path("awards/rules/<slug:edition>/<slug:award>/", views.award_rules, name="award_rules"),
    path(
        "awards/rules/<slug:edition>/<slug:award>/<slug:condition>/",
        views.condition_severity,
        name="condition_severity",
    ),
]
