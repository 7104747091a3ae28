"""What the awards bring to the whole (`portal.manifests` says what each thing means)."""

from django.utils.translation import gettext_lazy as _

from portal.manifests import Contributions, MenuPage

AWARDS = _("Khen thưởng")

contributions = Contributions(
    menu=(
        MenuPage(30, AWARDS, "submission_list", _("Tờ trình")),
        MenuPage(31, AWARDS, "nomination_list", _("Đề nghị")),
        MenuPage(32, AWARDS, "review_list", _("Bàn thẩm định"), ("read_reviews",)),
        MenuPage(33, AWARDS, "opinion_list", _("Hỏi ý kiến"), ("read_opinions",)),
        MenuPage(34, AWARDS, "ledger", _("Sổ khen thưởng")),
        MenuPage(35, AWARDS, "initiative_list", _("Sáng kiến")),
        MenuPage(36, AWARDS, "award_catalogue", _("Quy định")),
    ),
    panels="awards.panels",
    permissions="awards.permissions",
    carrier="awards.nominations.carrier",
    exchanges=(
        "awards.ledger.exchange.AwardsExchange",
        "awards.ledger.exchange.RatingsExchange",
        "awards.nominations.exchange.NominationsExchange",
    ),
    person_relations=(
        "awards.PastAward.person",
        "awards.Rating.person",
        "awards.Achievement.person",
        "awards.InitiativeAuthor.person",
        "awards.Nomination.person",
    ),
    campaign_copiers=("awards.nominations.editing.copy_open_awards",),
    verbs={
        "discard": _("Hủy tờ trình chưa gửi"),
        "drop": _("Bỏ khỏi tờ trình"),
        "restore": _("Đưa lại vào tờ trình"),
        "accept": _("Nhận xem xét"),
        "forward": _("Chuyển lên cấp trên"),
        "ask_more": _("Yêu cầu bổ sung"),
        "answer": _("Gửi phần bổ sung"),
        "release_fit": _("Công bố: đủ điều kiện"),
        "release_unfit": _("Công bố: không đủ điều kiện"),
        "pass_up": _("Trình Hội đồng"),
        "pencil": _("Ghi kết quả dự kiến"),
        "assign": _("Giao thẩm định"),
        "unassign": _("Thôi giao thẩm định"),
        "check": _("Đánh dấu danh mục kiểm tra"),
        "recuse": _("Khai xung đột lợi ích"),
        "comment_office": _("Góp ý nội bộ"),
        "ask_opinion": _("Hỏi ý kiến"),
        "opinion": _("Cho ý kiến"),
        "set_aside": _("Cho qua một điểm chặn"),
        "enter": _("Ghi vào sổ"),
        "correct": _("Sửa lỗi ghi sổ"),
        "revoke_award": _("Hủy khen thưởng"),
        "reinstate": _("Khôi phục sau khi hủy nhầm"),
        "doubt": _("Đánh dấu cần xem lại"),
        "settle": _("Đã xem lại, giữ nguyên"),
        "rate": _("Ghi xếp loại năm"),
        "recognise": _("Công nhận sáng kiến"),
        "refuse": _("Không công nhận sáng kiến"),
        "recognise_office": _("Công nhận sáng kiến"),
        "refuse_office": _("Không công nhận sáng kiến"),
        "reopen_office": _("Mở lại để xem xét"),
        "consume": _("Dùng cho một khen thưởng"),
    },
)
