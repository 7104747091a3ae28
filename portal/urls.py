from django.urls import path

from portal.exchange import views as exchange
from portal.jobs import views as jobs
from portal.notices import views as inbox
from portal.operations import views as status
from portal.web import views as session

urlpatterns = [
    path("health/", session.health, name="health"),
    path("session/keep/", session.keep_session, name="keep_session"),
    path("notices/", inbox.notices, name="notices"),
    path("notices/<int:pk>/", inbox.notice_open, name="notice_open"),
    path("notices/read/", inbox.notices_read, name="notices_read"),
    path("preferences/", inbox.preferences, name="preferences"),
    path("outbox/", inbox.outbox, name="outbox"),
    path("outbox/<int:pk>/", inbox.outbox_letter, name="outbox_letter"),
    path("data/", exchange.exchange_home, name="exchange_home"),
    path("data/<slug:key>/template/", exchange.exchange_template, name="exchange_template"),
    path("data/<slug:key>/export/", exchange.exchange_export, name="exchange_export"),
    path("data/<slug:key>/import/", exchange.exchange_upload, name="exchange_upload"),
    path("data/imports/<int:pk>/", exchange.exchange_import, name="exchange_import"),
    path("data/imports/<int:pk>/report/", exchange.exchange_report, name="exchange_report"),
    path("data/imports/<int:pk>/apply/", exchange.exchange_apply, name="exchange_apply"),
    path("data/imports/<int:pk>/again/", exchange.exchange_again, name="exchange_again"),
    path("status/", status.system_status, name="system_status"),
    path("jobs/", jobs.job_list, name="job_list"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/file/", jobs.job_output, name="job_output"),
]
