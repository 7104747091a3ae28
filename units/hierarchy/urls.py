from django.urls import path

from units.hierarchy.views import changes, chart, hierarchy

urlpatterns = [
    path("units/", hierarchy.unit_tree, name="unit_tree"),
    path("units/<int:pk>/", hierarchy.unit_detail, name="unit_detail"),
    path("units/<int:pk>/branch/", hierarchy.unit_branch, name="unit_branch"),
    path("units/<int:pk>/change/<slug:kind>/", changes.unit_change, name="unit_change"),
    path("units/<int:pk>/edit/", changes.unit_edit, name="unit_edit"),
    path("units/<int:pk>/office/", changes.unit_office, name="unit_office"),
    path("units/<int:pk>/trail/", hierarchy.unit_trail, name="unit_trail"),
    path("units/<int:pk>/order/", changes.unit_order, name="unit_order"),
    path("units/<int:pk>/delegate/", hierarchy.delegate, name="delegate"),
    path("units/chart/", chart.chart, name="chart"),
    path("units/chart/<slug:ending>/", chart.chart_file, name="chart_file"),
    path("delegations/<int:pk>/revoke/", hierarchy.revoke, name="revoke"),
]
