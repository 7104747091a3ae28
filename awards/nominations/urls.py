from django.urls import path

from awards.nominations.views import evidence, nominations, opening, picking, submissions

urlpatterns = [
    path("awards/", submissions.submission_list, name="submission_list"),
    path("awards/submissions/new/", submissions.submission_new, name="submission_new"),
    path("awards/submissions/<int:pk>/", submissions.submission_detail, name="submission"),
    path("awards/submissions/<int:pk>/edit/", submissions.submission_edit, name="submission_edit"),
    path("awards/submissions/<int:pk>/autosave/", submissions.submission_autosave, name="submission_autosave"),
    path("awards/submissions/<int:pk>/discard/", submissions.submission_discard, name="submission_discard"),
    path("awards/submissions/<int:pk>/add/", picking.submission_add, name="submission_add"),
    path("awards/submissions/<int:pk>/outsider/", picking.submission_outsider, name="submission_outsider"),
    path("awards/submissions/<int:pk>/pick/", picking.submission_pick, name="submission_pick"),
    path("awards/submissions/<int:pk>/template.xlsx", picking.submission_template, name="submission_template"),
    path("awards/submissions/<int:pk>/import/", picking.submission_import, name="submission_import"),
    path("awards/submissions/<int:pk>/step/<slug:step>/", submissions.submission_step, name="submission_step"),
    path("awards/submissions/<int:pk>/attach/", evidence.submission_attach, name="submission_attach"),
    path("awards/submissions/<int:pk>/list.xlsx", submissions.submission_export, name="submission_export"),
    path("awards/evidence/<int:pk>/", evidence.evidence_file, name="evidence_file"),
    path("awards/evidence/<int:pk>/remove/", evidence.evidence_remove, name="evidence_remove"),
    path("awards/nominations/", nominations.nomination_list, name="nomination_list"),
    path("awards/nominations/list.xlsx", nominations.nomination_export, name="nomination_export"),
    path("awards/nominations/<int:pk>/", nominations.nomination_detail, name="nomination"),
    path("awards/nominations/<int:pk>/edit/", nominations.nomination_edit, name="nomination_edit"),
    path("awards/nominations/<int:pk>/autosave/", nominations.nomination_autosave, name="nomination_autosave"),
    path("awards/nominations/<int:pk>/step/<slug:step>/", nominations.nomination_step, name="nomination_step"),
    path("awards/nominations/<int:pk>/compare/", nominations.nomination_compare, name="nomination_compare"),
    path("awards/nominations/<int:pk>/attach/", nominations.nomination_attach, name="nomination_attach"),
    path("awards/nominations/<int:pk>/achievement/", nominations.nomination_achievement, name="nomination_achievement"),
    path("awards/nominations/<int:pk>/set-aside/", nominations.nomination_set_aside, name="nomination_set_aside"),
    path("awards/nominations/<int:pk>/dossier.zip", nominations.nomination_dossier, name="nomination_dossier"),
    path("campaigns/<int:pk>/awards/", opening.campaign_awards, name="campaign_awards"),
]
