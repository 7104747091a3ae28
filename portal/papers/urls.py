from django.urls import path

from portal.papers import views

urlpatterns = [
    path("papers/", views.paper_list, name="paper_list"),
    path("papers/<slug:kind>/", views.paper_masters, name="paper_masters"),
    path("papers/<slug:kind>/shipped.docx", views.paper_shipped, name="paper_shipped"),
    path("papers/<slug:kind>/choose/", views.paper_choose, name="paper_choose"),
    path("papers/<slug:kind>/<int:pk>.<slug:form>", views.paper, name="paper"),
    path("papers/masters/<int:pk>/", views.paper_master, name="paper_master"),
    path("papers/masters/<int:pk>/<slug:which>.docx", views.paper_master_file, name="paper_master_file"),
]
