from django.urls import path

from awards.editions.views import editions, figures, trials

urlpatterns = [
    path("awards/editions/", editions.edition_list, name="edition_list"),
    path("awards/editions/new/", editions.edition_new, name="edition_new"),
    path("awards/editions/upload/", editions.edition_upload, name="edition_upload"),
    path("awards/editions/toml/<slug:code>/", editions.edition_toml, name="edition_toml"),
    path("awards/editions/try/<slug:code>/<slug:kind>/", trials.edition_try, name="edition_try"),
    path("awards/editions/trial/<slug:code>/", trials.edition_trial, name="edition_trial"),
    path("awards/editions/begins/<slug:code>/", trials.edition_beginning, name="edition_beginning"),
    path("awards/editions/begins/<slug:code>/apply/", trials.edition_apply, name="edition_apply"),
    path("awards/editions/<int:pk>/", editions.edition, name="edition"),
    path("awards/editions/<int:pk>/toml/", editions.edition_draft_toml, name="edition_draft_toml"),
    path("awards/editions/<int:pk>/attach/", editions.edition_attach, name="edition_attach"),
    path("awards/editions/<int:pk>/award/<int:award>/", editions.edition_award, name="edition_award"),
    path("awards/editions/<int:pk>/edit/<path:place>/", editions.edition_row, name="edition_row"),
    path("awards/editions/<int:pk>/remove/<path:place>/", editions.edition_row_remove, name="edition_row_remove"),
    path("awards/editions/<int:pk>/step/<slug:step>/", editions.edition_step, name="edition_step"),
    path("awards/law-files/<int:pk>/", editions.law_file, name="law_file"),
    path("awards/law-files/<int:pk>/remove/", editions.law_file_remove, name="law_file_remove"),
    path("awards/figures/", figures.figure_list, name="figure_list"),
    path("awards/figures/new/", figures.figure_new, name="figure_new"),
    path("awards/figures/<int:pk>/", figures.figure, name="figure"),
    path("awards/figures/<int:pk>/edit/", figures.figure_edit, name="figure_edit"),
    path("awards/figures/<int:pk>/attach/", figures.figure_attach, name="figure_attach"),
    path("awards/figures/<int:pk>/step/<slug:step>/", figures.figure_step, name="figure_step"),
]
