"""What the campaigns bring to the whole (`portal.manifests` says what each thing means)."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.manifests import BeatJob, Contributions, MenuPage, NoticeKind

CAMPAIGNS = _("Phong trào")

contributions = Contributions(
    menu=(
        MenuPage(10, _("Việc của tôi"), "home", _("Việc của tôi")),
        MenuPage(20, CAMPAIGNS, "campaign_list", _("Phong trào")),
        MenuPage(21, CAMPAIGNS, "reminders_sent", _("Nhắc việc"), ("read_reminders",)),
        MenuPage(22, CAMPAIGNS, "calendar_page", _("Lịch"), ("meet_obligations", "manage_campaigns")),
    ),
    permissions="campaigns.permissions",
    carrier="campaigns.obligations.carrier",
    papers=("campaigns.plans.papers.PLAN",),
    verbs={
        "clone": _("Sao chép từ phong trào trước"),
        "launch": _("Phát động"),
        "resubmit": _("Gửi lại"),
        "withdraw": _("Rút lại"),
        "take_up": _("Nhận xem xét"),
        "comment": _("Góp ý"),
        "comment_answer": _("Trả lời góp ý"),
        "comment_done": _("Đánh dấu góp ý đã xong"),
        "comment_open": _("Đánh dấu góp ý chưa xong"),
        "take_over": _("Lấy từ kế hoạch khác"),
        "show_example": _("Đưa làm bản mẫu"),
        "hide_example": _("Thôi làm bản mẫu"),
        "extend": _("Gia hạn"),
        "receive": _("Ghi nhận đã nộp"),
        "owe": _("Giao nghĩa vụ"),
        "release": _("Miễn nghĩa vụ"),
        "hand_over": _("Chuyển cho đơn vị kế tục"),
        "remind": _("Nhắc việc"),
    },
    notices={
        "reminder": NoticeKind(_("nhắc hạn"), still_true="campaigns.reminders.services.still_owed"),
        "escalation": NoticeKind(_("báo đơn vị cấp trên")),
        "digest": NoticeKind(_("tổng hợp hằng ngày")),
        "launch": NoticeKind(_("phát động")),
        "cancelled": NoticeKind(_("hủy phong trào")),
        "submitted": NoticeKind(_("gửi kế hoạch")),
        "withdrawn": NoticeKind(_("rút lại kế hoạch")),
        "returned": NoticeKind(_("trả lại")),
        "approved": NoticeKind(_("duyệt")),
        "comment_answered": NoticeKind(_("trả lời góp ý")),
        "plan_reopened": NoticeKind(_("mở lại kế hoạch đã duyệt")),
        "hand_over": NoticeKind(_("chuyển cho đơn vị kế tục")),
    },
    beat={
        "remind": BeatJob("campaigns.tasks.remind", settings.REMIND_SECONDS, settings.REMIND_SECONDS, tells=True),
        "reconcile": BeatJob("campaigns.tasks.reconcile", 3600, expires=3500),
    },
)
