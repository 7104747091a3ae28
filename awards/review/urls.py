from django.urls import path

from awards.review.views import desk, many

urlpatterns = [
    path("review/", desk.review_list, name="review_list"),
    path("review/figures/", desk.review_figures, name="review_figures"),
    path("review/next/", desk.review_next, name="review_next"),
    path("review/assign/", many.review_assign, name="review_assign"),
    path("review/bulk/", many.review_bulk, name="review_bulk"),
    path("review/release/", many.review_release, name="review_release"),
    path("review/conflicts/", desk.review_conflicts, name="review_conflicts"),
    path("review/conflicts/<int:pk>/end/", desk.review_conflict_end, name="review_conflict_end"),
    path("review/<int:pk>/", desk.review_one, name="review"),
    path("review/<int:pk>/autosave/", desk.review_autosave, name="review_autosave"),
    path("review/<int:pk>/talk/", desk.review_talk, name="review_talk"),
    path("review/<int:pk>/comment/", desk.review_comment, name="review_comment"),
    path("review/<int:pk>/more/", desk.review_more, name="review_more"),
    path("review/<int:pk>/opinion/", desk.review_opinion, name="review_opinion"),
    path("review/<int:pk>/give/", many.review_give, name="review_give"),
    path("awards/comments/<int:pk>/", desk.nomination_comment_answer, name="nomination_comment_answer"),
    path("opinions/", desk.opinion_list, name="opinion_list"),
    path("opinions/<int:pk>/", desk.opinion, name="opinion"),
]
