from django.urls import path

from awards.initiatives import views

urlpatterns = [
    path("initiatives/", views.initiative_list, name="initiative_list"),
    path("initiatives/export/", views.initiative_export, name="initiative_export"),
    path("initiatives/alike/", views.initiative_alike, name="initiative_alike"),
    path("initiatives/new/", views.initiative_new, name="initiative_new"),
    path("initiatives/<int:pk>/", views.initiative_detail, name="initiative"),
    path("initiatives/<int:pk>/edit/", views.initiative_edit, name="initiative_edit"),
    path("initiatives/<int:pk>/autosave/", views.initiative_autosave, name="initiative_autosave"),
    path("initiatives/<int:pk>/recognise/", views.initiative_recognise, name="initiative_recognise"),
    path("initiatives/<int:pk>/<str:step>/", views.initiative_step, name="initiative_step"),
]
