from django.urls import path

from portal.papers import views

urlpatterns = [
    path("papers/<slug:kind>/<int:pk>.<slug:form>", views.paper, name="paper"),
]
