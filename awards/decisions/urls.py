from django.urls import path

from awards.decisions import views

urlpatterns = [
    path("decisions/", views.decision_list, name="decision_list"),
    path("decisions/new/", views.decision_new, name="decision_new"),
    path("decisions/<int:pk>/", views.decision, name="decision"),
    path("decisions/<int:pk>/edit/", views.decision_edit, name="decision_edit"),
    path("decisions/<int:pk>/pick/", views.decision_pick, name="decision_pick"),
    path("decisions/<int:pk>/lines/<int:line>/remove/", views.decision_line_remove, name="decision_line_remove"),
    path("decisions/<int:pk>/attach/", views.decision_attach, name="decision_attach"),
    path("decisions/<int:pk>/files/<int:file>/", views.decision_file, name="decision_file"),
    path("decisions/<int:pk>/annul/", views.decision_annul, name="decision_annul"),
    path("decisions/<int:pk>/receipts/<int:receipt>/", views.decision_confirm, name="decision_confirm"),
    path("decisions/<int:pk>/steps/<str:step>/", views.decision_step, name="decision_step"),
]
