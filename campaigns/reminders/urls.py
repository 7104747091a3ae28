from django.urls import path

from campaigns.reminders import views

urlpatterns = [
    path("reminders/", views.sent, name="reminders_sent"),
    path("reminders/<int:pk>/again/", views.again, name="reminder_again"),
    path("reminders/planned/", views.planned, name="reminders_planned"),
    path("calendar/", views.calendar_page, name="calendar_page"),
    path("calendar/<str:token>.ics", views.calendar_feed, name="calendar_feed"),
]
