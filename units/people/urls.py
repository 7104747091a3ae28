from django.urls import path, re_path

from units.people.views import collectives, duplicates, people

urlpatterns = [
    path("people/", people.person_list, name="person_list"),
    path("people/new/", people.person_new, name="person_new"),
    path("people/me/", people.person_me, name="person_me"),
    path("people/<int:pk>/", people.person_detail, name="person_detail"),
    path("people/<int:pk>/edit/", people.person_edit, name="person_edit"),
    re_path(r"^people/(?P<pk>\d{1,18})/export\.(?P<kind>json|xlsx)$", people.person_export, name="person_export"),
    path("people/<int:pk>/anonymise/", people.person_anonymise, name="person_anonymise"),
    path("people/<int:pk>/postings/new/", people.posting_new, name="posting_new"),
    path("people/postings/<int:pk>/edit/", people.posting_edit, name="posting_edit"),
    path("people/postings/<int:pk>/transfer/", people.posting_transfer, name="posting_transfer"),
    path("people/postings/<int:pk>/remove/", people.posting_remove, name="posting_remove"),
    path("people/<int:pk>/statuses/new/", people.status_new, name="status_new"),
    path("people/statuses/<int:pk>/edit/", people.status_edit, name="status_edit"),
    path("people/statuses/<int:pk>/remove/", people.status_remove, name="status_remove"),
    path("people/duplicates/", duplicates.duplicate_list, name="duplicate_list"),
    path("people/<int:pk>/same/", duplicates.duplicate_with, name="duplicate_with"),
    path("people/<int:pk>/same/<int:other>/", duplicates.duplicate_compare, name="duplicate_compare"),
    path("people/<int:pk>/same/<int:other>/apart/", duplicates.duplicate_apart, name="duplicate_apart"),
    path("people/merges/<int:pk>/undo/", duplicates.merge_undo, name="merge_undo"),
    path("people/collectives/", collectives.collective_list, name="collective_list"),
    path("people/collectives/new/", collectives.collective_new, name="collective_new"),
    path("people/collectives/<int:pk>/", collectives.collective_detail, name="collective_detail"),
    path("people/collectives/<int:pk>/edit/", collectives.collective_edit, name="collective_edit"),
    path("people/collectives/<int:pk>/close/", collectives.collective_close, name="collective_close"),
    path("people/collectives/<int:pk>/join/", collectives.collective_join, name="collective_join"),
]
