from django.urls import path

from units.reorganisation import views

urlpatterns = [
    path("reorganisations/", views.reorganisation_list, name="reorganisation_list"),
    path("reorganisations/new/", views.reorganisation_new, name="reorganisation_new"),
    path("reorganisations/template/", views.reorganisation_template, name="reorganisation_template"),
    path("reorganisations/<int:pk>/", views.reorganisation_detail, name="reorganisation_detail"),
    path("reorganisations/<int:pk>/edit/", views.reorganisation_edit, name="reorganisation_edit"),
    path("reorganisations/<int:pk>/steps/", views.reorganisation_steps, name="reorganisation_steps"),
    path("reorganisations/<int:pk>/upload/", views.reorganisation_upload, name="reorganisation_upload"),
    path("reorganisations/<int:pk>/sheet/", views.reorganisation_sheet, name="reorganisation_sheet"),
    path("reorganisations/<int:pk>/preview/", views.reorganisation_preview, name="reorganisation_preview"),
    path("reorganisations/<int:pk>/<slug:step>/", views.reorganisation_step, name="reorganisation_step"),
]
