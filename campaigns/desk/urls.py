from django.urls import path

from campaigns.desk import views

urlpatterns = [
    path("campaigns/<int:pk>/desk/", views.desk, name="desk"),
    path("campaigns/<int:pk>/grid/", views.grid, name="desk_grid"),
    path("campaigns/<int:pk>/milestones/<slug:kind>/", views.milestone, name="desk_milestone"),
    path("campaigns/<int:pk>/export/", views.export, name="desk_export"),
    path("campaigns/<int:pk>/bulk/", views.bulk, name="desk_bulk"),
    path("campaigns/<int:pk>/next/", views.next_plan, name="desk_next"),
    path("campaigns/<int:pk>/extend/", views.extend, name="desk_extend"),
    path("obligations/<int:pk>/receive/", views.receive, name="desk_receive"),
]
