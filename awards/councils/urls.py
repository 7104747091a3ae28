from django.urls import path

from awards.councils.views import ballots, councils, reading, sittings

urlpatterns = [
    path("councils/", councils.council_list, name="council_list"),
    path("councils/new/", councils.council_new, name="council_new"),
    path("councils/<int:pk>/", councils.council, name="council"),
    path("councils/<int:pk>/edit/", councils.council_edit, name="council_edit"),
    path("councils/<int:pk>/seat/", councils.council_seat, name="council_seat"),
    path("councils/<int:pk>/seat/<int:member>/end/", councils.council_unseat, name="council_unseat"),
    path("sittings/", sittings.sitting_list, name="sitting_list"),
    path("sittings/new/", sittings.sitting_new, name="sitting_new"),
    path("sittings/<int:pk>/", sittings.sitting, name="sitting"),
    path("sittings/<int:pk>/edit/", sittings.sitting_edit, name="sitting_edit"),
    path("sittings/<int:pk>/agenda/", sittings.sitting_agenda, name="sitting_agenda"),
    path("sittings/<int:pk>/agenda/<int:item>/off/", sittings.sitting_take_off, name="sitting_take_off"),
    path("sittings/<int:pk>/attendance/", sittings.sitting_attendance, name="sitting_attendance"),
    path("sittings/<int:pk>/step/<slug:step>/", sittings.sitting_step, name="sitting_step"),
    path("sittings/<int:pk>/attach/", sittings.sitting_attach, name="sitting_attach"),
    path("sittings/<int:pk>/counts/", sittings.sitting_counts, name="sitting_counts"),
    path("sittings/<int:pk>/again/", sittings.sitting_again, name="sitting_again"),
    path("sittings/<int:pk>/conclude/", sittings.sitting_conclude, name="sitting_conclude"),
    path("sittings/<int:pk>/key/", ballots.sitting_key, name="sitting_key"),
    path("sittings/<int:pk>/paper/", ballots.sitting_paper, name="sitting_paper"),
    path("sittings/<int:pk>/unlock/", ballots.sitting_unlock, name="sitting_unlock"),
    path("sittings/<int:pk>/record/", ballots.sitting_record, name="sitting_record"),
    path("sittings/items/<int:pk>/", reading.agenda_item, name="agenda_item"),
    path("sittings/items/<int:pk>/compare/", reading.agenda_compare, name="agenda_compare"),
    path("sittings/items/<int:pk>/ask/", reading.agenda_ask, name="agenda_ask"),
    path("sittings/items/<int:pk>/recuse/", reading.agenda_recuse, name="agenda_recuse"),
    path("sittings/files/<int:pk>/", sittings.sitting_file, name="sitting_file"),
]
