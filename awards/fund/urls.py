from django.urls import path

from awards.fund import views

urlpatterns = [
    path("fund/", views.fund_list, name="fund_list"),
    path("fund/new/", views.fund_new, name="fund_new"),
    path("fund/<int:pk>/", views.fund, name="fund"),
    path("fund/<int:pk>/edit/", views.fund_edit, name="fund_edit"),
    path("fund/<int:pk>/export/", views.fund_export, name="fund_export"),
    path("fund/<int:pk>/enter/<str:kind>/", views.fund_enter, name="fund_enter"),
    path("fund/<int:pk>/recover/<int:award>/", views.fund_recover, name="fund_recover"),
    path("fund/<int:pk>/dues/", views.fund_dues, name="fund_dues"),
    path("fund/<int:pk>/dues/<int:line>/", views.fund_pay, name="fund_pay"),
    path("fund/<int:pk>/dues/<int:line>/export/", views.fund_bonus_list, name="fund_bonus_list"),
    path("fund/<int:pk>/lines/<int:movement>/", views.fund_movement, name="fund_movement"),
]
