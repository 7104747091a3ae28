from django.urls import path

from units.access.views import accounts, proposals

urlpatterns = [
    path("units/<int:pk>/rights/", accounts.unit_rights, name="unit_rights"),
    path("rights/accounts/", accounts.account_list, name="account_list"),
    path("rights/accounts/new/", accounts.account_new, name="account_new"),
    path("rights/accounts/<int:pk>/", accounts.account, name="account"),
    path("rights/accounts/<int:pk>/edit/", accounts.account_edit, name="account_edit"),
    path("rights/accounts/<int:pk>/roles/new/", accounts.role_grant, name="role_grant"),
    path("rights/accounts/<int:pk>/<slug:step>/", accounts.account_step, name="account_step"),
    path("rights/proposals/", proposals.proposal_list, name="proposal_list"),
    path("rights/proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path("rights/proposals/<int:pk>/<slug:step>/", proposals.proposal_step, name="proposal_step"),
    path("rights/roles/<int:pk>/end/", accounts.role_end, name="role_end"),
    path("sessions/", accounts.sessions, name="sessions"),
    path("sessions/end/", accounts.sessions_end, name="sessions_end"),
    path("sessions/<int:pk>/end/", accounts.session_end, name="session_end"),
]
