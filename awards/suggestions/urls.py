from django.urls import path

from awards.suggestions import views

urlpatterns = [
    path("suggestions/", views.suggestion_list, name="suggestion_list"),
    path("suggestions/act/", views.suggestion_act, name="suggestion_act"),
    path("suggestions/<int:pk>/restore/", views.suggestion_restore, name="suggestion_restore"),
]
