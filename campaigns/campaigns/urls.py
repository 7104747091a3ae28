from django.urls import path

from campaigns.campaigns import editor, views

urlpatterns = [
    path("campaigns/", views.campaign_list, name="campaign_list"),
    path("campaigns/new/", views.campaign_new, name="campaign_new"),
    path("campaigns/<int:pk>/", views.campaign_detail, name="campaign_detail"),
    path("campaigns/<int:pk>/edit/", editor.campaign_edit, name="campaign_edit"),
    path("campaigns/<int:pk>/autosave/", editor.campaign_autosave, name="campaign_autosave"),
    path("campaigns/<int:pk>/preview/", views.campaign_preview, name="campaign_preview"),
    path("campaigns/<int:pk>/clone/", views.campaign_clone, name="campaign_clone"),
    path("campaigns/<int:pk>/sub/", views.campaign_sub, name="campaign_sub"),
    path("campaigns/<int:pk>/step/<slug:step>/", views.campaign_step, name="campaign_step"),
    path("documents/<int:pk>/", views.document_file, name="document_file"),
]
