"""What the roles let a person do with campaigns and plans (`portal.permissions` says how a row is read)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.permissions import Action
from units.models import Role

HEAD, OFFICER, OFFICE, COUNCIL = Role.HEAD, Role.OFFICER, Role.OFFICE, Role.COUNCIL
ADMIN, AUDITOR = Role.ADMIN, Role.AUDITOR

ACTIONS = {
    "prepare_campaigns": Action(
        _("Soạn phong trào của đơn vị"),
        (HEAD, OFFICER, OFFICE),
        short=_("soạn phong trào"),
    ),
    "read_campaign_drafts": Action(
        _("Xem phong trào đang soạn của đơn vị"),
        (HEAD, OFFICER, OFFICE, AUDITOR),
    ),
    "launch_campaigns": Action(
        _("Phát động, kết thúc, hủy phong trào của đơn vị"),
        (HEAD, OFFICE),
        short=_("phát động, kết thúc phong trào"),
    ),
    "launch_under": Action(
        _("Phát động phong trào của đơn vị để hưởng ứng phong trào của cấp trên"),
        (HEAD,),
    ),
    "manage_campaigns": Action(
        _("Theo dõi phong trào của đơn vị: nhắc, gia hạn, ghi nhận kế hoạch gửi ngoài cổng"),
        (HEAD, OFFICE),
        short=_("theo dõi phong trào, gia hạn"),
        short_above=_("gia hạn"),
    ),
    "serve_campaigns": Action(
        _("Thường trực phong trào của đơn vị: bàn làm việc và tổng hợp hằng ngày"),
        (OFFICE,),
    ),
    "inspect_campaigns": Action(
        _("Xem tình hình thực hiện phong trào của đơn vị và của các đơn vị trực thuộc"),
        (COUNCIL, AUDITOR),
        below=True,
    ),
    "draft_plans": Action(
        _("Soạn kế hoạch hưởng ứng của đơn vị"),
        (HEAD, OFFICER),
        short=_("soạn kế hoạch của đơn vị"),
    ),
    "send_plans": Action(
        _("Gửi, rút kế hoạch hưởng ứng của đơn vị"),
        (HEAD,),
        short=_("gửi kế hoạch của đơn vị"),
    ),
    "review_plans": Action(
        _("Nhận xem xét, duyệt, trả lại kế hoạch gửi đến đơn vị"),
        (HEAD, OFFICE),
        short=_("duyệt kế hoạch gửi đến"),
        short_above=_("duyệt kế hoạch gửi lên"),
    ),
    "meet_obligations": Action(
        _("Thực hiện việc đến hạn của đơn vị: nhận nhắc việc, xem lịch"),
        (HEAD, OFFICER),
    ),
    "oversee_units_below": Action(
        _("Chỉ đạo các đơn vị trực thuộc: nhận tin đơn vị chậm, xem kế hoạch chờ duyệt"),
        (HEAD,),
    ),
    "read_reminders": Action(
        _("Xem nhắc việc đã gửi và sắp gửi đến đơn vị và các đơn vị trực thuộc"),
        (HEAD, OFFICE, ADMIN, AUDITOR),
        below=True,
    ),
    "send_again": Action(
        _("Gửi lại thư chưa đến người nhận"),
        (OFFICE, ADMIN),
        below=True,
    ),
}
