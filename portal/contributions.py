"""What the machinery brings to the whole (`portal.manifests` says what each thing means)."""

from celery.schedules import crontab
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.access import keeps_papers, reads_the_status
from portal.manifests import BeatJob, Contributions, MenuPage, NoticeKind
from portal.notices.mail import shows_outbox

contributions = Contributions(
    menu=(
        MenuPage(66, _("Quản trị"), "paper_list", _("Mẫu văn bản"), opens=keeps_papers),
        MenuPage(63, _("Quản trị"), "outbox", _("Thư đi"), opens=shows_outbox),
        MenuPage(64, _("Quản trị"), "system_status", _("Tình trạng hệ thống"), opens=reads_the_status),
    ),
    verbs={
        "attach": _("Đính kèm tệp"),
        "detach": _("Gỡ tệp"),
        "create": _("Tạo mới"),
        "edit": _("Chỉnh sửa"),
        "load": _("Nạp dữ liệu"),
        "import": _("Nhập từ tệp"),
        "export": _("Xuất dữ liệu"),
        "close": _("Kết thúc"),
        "cancel": _("Hủy"),
        "submit": _("Gửi"),
        "return": _("Trả lại"),
        "approve": _("Duyệt"),
        "reopen": _("Mở lại để xem xét"),
        "add_master": _("Nạp mẫu văn bản"),
        "use_master": _("Dùng mẫu văn bản"),
        "leave_master": _("Thôi dùng mẫu văn bản"),
    },
    notices={
        "job_failed": NoticeKind(_("việc chạy nền không thành")),
        "fault": NoticeKind(_("sự cố hệ thống")),
        "seal": NoticeKind(_("niêm phong nhật ký")),
        "reset": NoticeKind(
            _("đặt lại mật khẩu"),
            still_true="portal.signin.links.still_open",
            link="portal.signin.links.password_path",
        ),
    },
    beat={
        "deliver": BeatJob("portal.tasks.deliver", settings.DELIVER_SECONDS, expires=settings.DELIVER_SECONDS),
        "resume_jobs": BeatJob("portal.jobs.services.resume_jobs", 60, expires=60),
        "seal": BeatJob("portal.tasks.seal", 3600, expires=3500),
        "clear_sessions": BeatJob("portal.tasks.clear_sessions", 86400, expires=3600),
    }
    | (
        {"backup": BeatJob("portal.tasks.backup", crontab(hour=2, minute=30))}
        if settings.BACKUP_DIR and settings.PRODUCTION
        else {}
    ),
)
