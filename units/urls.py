from django.urls import path

from units.views import hierarchy, inbox, jobs, session

urlpatterns = [
    path("health/", session.health, name="health"),
    path("session/keep/", session.keep_session, name="keep_session"),
    path("units/", hierarchy.unit_tree, name="unit_tree"),
    path("units/<int:pk>/", hierarchy.unit_detail, name="unit_detail"),
    path("units/<int:pk>/delegate/", hierarchy.delegate, name="delegate"),
    path("delegations/<int:pk>/revoke/", hierarchy.revoke, name="revoke"),
    path("notices/", inbox.notices, name="notices"),
    path("notices/<int:pk>/", inbox.notice_open, name="notice_open"),
    path("notices/read/", inbox.notices_read, name="notices_read"),
    path("preferences/", inbox.preferences, name="preferences"),
    path("outbox/", inbox.outbox, name="outbox"),
    path("outbox/<int:pk>/", inbox.outbox_letter, name="outbox_letter"),
    path("jobs/", jobs.job_list, name="job_list"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/file/", jobs.job_output, name="job_output"),
]
