from django.urls import path

from campaigns.plans import views

urlpatterns = [
    path("campaigns/<int:pk>/plan/", views.plan_begin, name="plan_begin"),
    path("plans/<int:pk>/", views.plan_detail, name="plan_detail"),
    path("plans/<int:pk>/edit/", views.plan_edit, name="plan_edit"),
    path("plans/<int:pk>/take-over/", views.plan_take_over, name="plan_take_over"),
    path("plans/<int:pk>/example/", views.plan_example, name="plan_example"),
    path("plans/<int:pk>/autosave/", views.plan_autosave, name="plan_autosave"),
    path("plans/<int:pk>/step/<slug:step>/", views.plan_step, name="plan_step"),
    path("plans/<int:pk>/compare/", views.plan_compare, name="plan_compare"),
    path("plans/<int:pk>/comment/", views.plan_comment, name="plan_comment"),
    path("plans/comments/<int:pk>/", views.plan_comment_answer, name="plan_comment_answer"),
    path("plans/<int:pk>/attach/", views.plan_attach, name="plan_attach"),
    path("attachments/<int:pk>/", views.attachment_file, name="attachment_file"),
    path("attachments/<int:pk>/remove/", views.attachment_remove, name="attachment_remove"),
]
