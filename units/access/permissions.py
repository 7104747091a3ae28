"""What the roles let a person do with units, people and accounts (`portal.permissions` says how a row is read)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.permissions import Action
from units.models import Role
from units.models.accounts import READING

HEAD, OFFICER, OFFICE, ADMIN, AUDITOR = Role.HEAD, Role.OFFICER, Role.OFFICE, Role.ADMIN, Role.AUDITOR

ACTIONS = {
    "read": Action(
        _("Đọc hồ sơ của đơn vị và của các đơn vị trực thuộc"),
        READING,
        below=True,
        former=True,
        short=_("đọc hồ sơ"),
    ),
    "look_up_people": Action(
        _("Tra cứu cán bộ, tập thể của đơn vị và của các đơn vị trực thuộc"),
        (*READING, ADMIN),
        below=True,
    ),
    "read_own_people_in_full": Action(
        _("Xem đầy đủ hồ sơ cán bộ đang công tác tại đơn vị mình"),
        (HEAD, OFFICER),
    ),
    "read_people_in_full": Action(
        _("Xem đầy đủ hồ sơ cán bộ của đơn vị và của các đơn vị trực thuộc"),
        (OFFICE, ADMIN),
        below=True,
    ),
    "keep_units": Action(
        _("Sửa thông tin, thứ tự đơn vị; giao cơ quan thi đua - khen thưởng"),
        (ADMIN,),
        below=True,
        short=_("quản lý đơn vị"),
    ),
    "reorganise": Action(
        _("Lập, duyệt, thực hiện phương án sắp xếp đơn vị"),
        (ADMIN,),
        below=True,
    ),
    "keep_people": Action(
        _("Ghi, sửa hồ sơ cán bộ và tập thể"),
        (ADMIN,),
        below=True,
        short=_("quản lý cán bộ, tập thể"),
    ),
    "keep_accounts": Action(
        _("Mở, ngừng, sửa tài khoản; cấp, chấm dứt vai trò"),
        (ADMIN,),
        below=True,
        short=_("quản lý tài khoản và vai trò"),
    ),
    "put_to_head": Action(
        _("Trình thủ trưởng hồ sơ đã soạn của đơn vị"),
        (OFFICER,),
    ),
    "delegate": Action(
        _("Ủy quyền phụ trách đơn vị có thời hạn"),
        (HEAD,),
        lent=False,
        short=_("ủy quyền"),
    ),
    "end_delegation": Action(
        _("Chấm dứt ủy quyền tại đơn vị"),
        (HEAD,),
    ),
    "administer_everything": Action(
        _("Quản trị toàn hệ thống: mọi tài khoản, thư đi"),
        (ADMIN,),
        root=True,
        below=True,
    ),
    "use_lists": Action(
        _("Nhập, xuất dữ liệu bằng bảng tính"),
        (HEAD, OFFICER, OFFICE, ADMIN),
    ),
    "read_status": Action(
        _("Xem tình trạng hệ thống"),
        (ADMIN,),
    ),
    "read_system_trail": Action(
        _("Đọc nhật ký của toàn hệ thống"),
        (ADMIN, AUDITOR),
        root=True,
        below=True,
    ),
    "keep_papers": Action(
        _("Thay mẫu Word của các văn bản in từ cổng"),
        (OFFICE,),
        root=True,
        short=_("quản lý mẫu văn bản"),
    ),
    "keep_seals": Action(
        _("Giữ dấu niêm phong của nhật ký"),
        (AUDITOR,),
        root=True,
    ),
}
