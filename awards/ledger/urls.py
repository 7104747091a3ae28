from django.urls import path

from awards.ledger import views

urlpatterns = [
    path("ledger/", views.ledger_list, name="ledger"),
    path("ledger/export/", views.ledger_export, name="ledger_export"),
    path("ledger/find/", views.ledger_find, name="ledger_find"),
    path("ledger/lines/<int:pk>/", views.past_award, name="past_award"),
    path("ledger/lines/<int:pk>/correct/", views.past_award_correct, name="past_award_correct"),
    path("ledger/lines/<int:pk>/revoke/", views.past_award_revoke, name="past_award_revoke"),
    path("ledger/lines/<int:pk>/initiative/", views.past_award_initiative, name="past_award_initiative"),
    path("ledger/lines/<int:pk>/<str:act>/", views.past_award_act, name="past_award_act"),
    path("ledger/<str:kind>/<int:pk>/", views.ledger_subject, name="ledger_subject"),
    path("ledger/<str:kind>/<int:pk>/enter/", views.ledger_enter, name="ledger_enter"),
    path("ledger/<str:kind>/<int:pk>/rate/", views.ledger_rate, name="ledger_rate"),
]
