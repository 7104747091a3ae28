"""The trail: who did what, when, what was, what is, and why. Only ever appended."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal import tracing


def key_of(subject: models.Model) -> str:
    """How the trail names an object: `campaigns.plan:12`."""
    return f"{subject._meta.label_lower}:{subject.pk}"


class EntryQuerySet(models.QuerySet):
    def about(self, *subjects: models.Model) -> EntryQuerySet:
        """What happened to these objects, newest first."""
        return self.filter(subject__in=[key_of(s) for s in subjects]).select_related("by__person").order_by("-pk")


class Entry(models.Model):
    """One line of the trail; the database refuses to change or delete it."""

    at = models.DateTimeField(_("lúc"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người làm")
    )
    subject = models.CharField(max_length=60, db_index=True)
    verb = models.CharField(_("việc"), max_length=30)
    source = models.CharField(max_length=20, blank=True)
    target = models.CharField(max_length=20, blank=True)
    changes = models.JSONField(default=dict, blank=True)
    note = models.TextField(_("lý do"), blank=True)
    request = models.CharField(_("mã yêu cầu"), max_length=36, null=True, editable=False, default=tracing.current)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name, verbose_name_plural = _("nhật ký"), _("nhật ký")
        indexes = [
            models.Index(fields=["verb", "id"], name="entry_verb"),
            models.Index(fields=["at"], name="entry_at"),
        ]

    def __str__(self):
        return f"{self.at:%d/%m/%Y %H:%M} {self.verb} {self.subject}"

    @property
    def label(self) -> str:
        """The verb in the reader's words."""
        return str(VERBS.get(self.verb, self.verb))

    @property
    def subject_label(self) -> str:
        """The kind of the object in the reader's words, with its number."""
        kind, _colon, number = self.subject.partition(":")
        try:
            return f"{apps.get_model(kind)._meta.verbose_name} {number}"
        except (LookupError, ValueError):  # a kind of former days
            return self.subject

    @property
    def changes_display(self) -> list[tuple[str, str, str]]:
        """Field, what was, what is; texts longer than a screen line are cut.

        Values stand as they were written; a field that was told in Vietnamese is named in the reader's words.
        """
        return [(name and gettext(name), _shown(old), _shown(new)) for name, (old, new) in self.changes.items()]


class Seal(models.Model):
    """One link of the chain over the trail (portal.trail.seals); the database refuses to change or delete it too."""

    number = models.PositiveIntegerField(primary_key=True)
    at = models.DateTimeField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    count = models.PositiveIntegerField()
    blocks = models.JSONField()  # [last line, how many, digest] of each thousand lines
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    def __str__(self):
        return f"{self.number} {self.digest}"


def _shown(value: object) -> str:
    text = "–" if value in (None, "") else str(value)
    return text if len(text) <= 300 else text[:300] + "…"


VERBS = {
    "create": _("Tạo mới"),
    "edit": _("Chỉnh sửa"),
    "load": _("Nạp dữ liệu"),
    "restored": _("Khôi phục từ bản sao lưu"),
    "import": _("Nhập từ tệp"),
    "export": _("Xuất dữ liệu"),
    "clone": _("Sao chép từ phong trào trước"),
    "launch": _("Phát động"),
    "close": _("Kết thúc"),
    "cancel": _("Hủy"),
    "discard": _("Hủy tờ trình chưa gửi"),
    "submit": _("Gửi"),
    "resubmit": _("Gửi lại"),
    "withdraw": _("Rút lại"),
    "take_up": _("Nhận xem xét"),
    "return": _("Trả lại"),
    "approve": _("Duyệt"),
    "comment": _("Góp ý"),
    "attach": _("Đính kèm tệp"),
    "detach": _("Gỡ tệp"),
    "extend": _("Gia hạn"),
    "receive": _("Ghi nhận đã nộp"),
    "owe": _("Giao nghĩa vụ"),
    "release": _("Miễn nghĩa vụ"),
    "hand_over": _("Chuyển cho đơn vị kế tục"),
    "delegate": _("Ủy quyền"),
    "revoke": _("Chấm dứt ủy quyền"),
    "remind": _("Nhắc việc"),
    "execute": _("Thực hiện"),
    "undo": _("Hoàn tác"),
    "reopen": _("Mở lại để xem xét"),
    "upload": _("Nạp các bước từ bảng tính"),
    "succeed": _("Kết thúc theo phương án sắp xếp"),
    "order": _("Đổi thứ tự"),
    "office": _("Giao cơ quan thi đua"),
    "password": _("Đặt lại mật khẩu"),
    "grant": _("Cấp vai trò"),
    "end_role": _("Chấm dứt vai trò"),
    "prolong": _("Kéo dài vai trò"),
    "address": _("Đổi địa chỉ thư"),
    "owner": _("Gắn tài khoản với hồ sơ cán bộ khác"),
    "propose": _("Đề nghị, chờ người thứ hai xác nhận"),
    "confirm": _("Xác nhận"),
    "decline": _("Từ chối"),
    "alone": _("Quyết định khi không có quản trị thứ hai"),
    "invite": _("Mời dùng cổng"),
    "deactivate": _("Ngừng tài khoản"),
    "reactivate": _("Mở lại tài khoản"),
    "end_sessions": _("Kết thúc các phiên làm việc"),
    "factor_add": _("Thêm bước xác thực thứ hai"),
    "factor_remove": _("Gỡ bước xác thực thứ hai"),
    "recovery_codes": _("Lập bộ mã dự phòng mới"),
    "recovery_used": _("Dùng một mã dự phòng"),
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
    "view": _("Mở hồ sơ đầy đủ"),
    "transfer": _("Chuyển công tác"),
    "posting": _("Thêm vị trí công tác"),
    "posting_edit": _("Sửa vị trí công tác"),
    "posting_remove": _("Xóa vị trí công tác ghi nhầm"),
    "status": _("Thêm tình trạng"),
    "status_edit": _("Sửa tình trạng"),
    "status_remove": _("Xóa tình trạng ghi nhầm"),
    "join": _("Đưa vào tập thể"),
    "merge_person": _("Gộp hồ sơ trùng"),
    "unmerge_person": _("Tách lại hồ sơ đã gộp"),
    "distinct": _("Xác nhận là hai người khác nhau"),
    "anonymise": _("Ẩn danh hồ sơ"),
}


def line(subject: models.Model, verb: str, *, by=None, source="", target="", changes=None, note="") -> Entry:
    """One line of the trail, not written yet: deeds on many rows write theirs in one go."""
    return Entry(
        subject=key_of(subject), verb=verb, by=by, source=source, target=target, changes=changes or {}, note=note
    )


def record(subject: models.Model, verb: str, **said) -> Entry:
    """Write one line of the trail (see `line`); call it inside the transaction that does the deed."""
    entry = line(subject, verb, **said)
    entry.save()
    return entry


def differences(before: dict, after: dict) -> dict[str, list]:
    """What changed between two snapshots: `{field: [was, is]}`, values made readable for JSON."""
    plain = lambda v: v if v is None or isinstance(v, bool | int | float | str | list | dict) else str(v)  # noqa: E731
    return {
        name: [plain(before.get(name)), plain(after.get(name))]
        for name in {**before, **after}
        if plain(before.get(name)) != plain(after.get(name))
    }
