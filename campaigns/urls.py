from django.urls import path

from campaigns.campaigns import views as campaigns
from campaigns.desk import views as desk
from campaigns.home import views as home
from campaigns.plans import views as plans
from campaigns.reminders import views as reminders

urlpatterns = [
    path("", home.home, name="home"),
    path("below/", home.below, name="units_below"),
    path("campaigns/", campaigns.campaign_list, name="campaign_list"),
    path("campaigns/new/", campaigns.campaign_new, name="campaign_new"),
    path("campaigns/<int:pk>/", campaigns.campaign_detail, name="campaign_detail"),
    path("campaigns/<int:pk>/edit/", campaigns.campaign_edit, name="campaign_edit"),
    path("campaigns/<int:pk>/preview/", campaigns.campaign_preview, name="campaign_preview"),
    path("campaigns/<int:pk>/clone/", campaigns.campaign_clone, name="campaign_clone"),
    path("campaigns/<int:pk>/sub/", campaigns.campaign_sub, name="campaign_sub"),
    path("campaigns/<int:pk>/step/<slug:step>/", campaigns.campaign_step, name="campaign_step"),
    path("campaigns/<int:pk>/plan/", plans.plan_begin, name="plan_begin"),
    path("documents/<int:pk>/", campaigns.document_file, name="document_file"),
    path("campaigns/<int:pk>/desk/", desk.desk, name="desk"),
    path("campaigns/<int:pk>/grid/", desk.grid, name="desk_grid"),
    path("campaigns/<int:pk>/milestones/<slug:kind>/", desk.milestone, name="desk_milestone"),
    path("campaigns/<int:pk>/export/", desk.export, name="desk_export"),
    path("campaigns/<int:pk>/bulk/", desk.bulk, name="desk_bulk"),
    path("campaigns/<int:pk>/next/", desk.next_plan, name="desk_next"),
    path("campaigns/<int:pk>/extend/", desk.extend, name="desk_extend"),
    path("obligations/<int:pk>/receive/", desk.receive, name="desk_receive"),
    path("plans/<int:pk>/", plans.plan_detail, name="plan_detail"),
    path("plans/<int:pk>/edit/", plans.plan_edit, name="plan_edit"),
    path("plans/<int:pk>/autosave/", plans.plan_autosave, name="plan_autosave"),
    path("plans/<int:pk>/step/<slug:step>/", plans.plan_step, name="plan_step"),
    path("plans/<int:pk>/compare/", plans.plan_compare, name="plan_compare"),
    path("plans/<int:pk>/comment/", plans.plan_comment, name="plan_comment"),
    path("plans/<int:pk>/attach/", plans.plan_attach, name="plan_attach"),
    path("attachments/<int:pk>/", plans.attachment_file, name="attachment_file"),
    path("attachments/<int:pk>/remove/", plans.attachment_remove, name="attachment_remove"),
    path("reminders/", reminders.sent, name="reminders_sent"),
    path("reminders/<int:pk>/again/", reminders.again, name="reminder_again"),
    path("reminders/planned/", reminders.planned, name="reminders_planned"),
    path("calendar/", reminders.calendar_page, name="calendar_page"),
    path("calendar/<str:token>.ics", reminders.calendar_feed, name="calendar_feed"),
]
