"""What the roles let a person do with nominations, reviews and the ledger (`portal.permissions` reads the rows)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.permissions import Action
from units.models import Role

HEAD, OFFICER, OFFICE, COUNCIL, AUDITOR = Role.HEAD, Role.OFFICER, Role.OFFICE, Role.COUNCIL, Role.AUDITOR

ACTIONS = {
    "draft_nominations": Action(
        _("Soạn tờ trình, đề nghị khen thưởng của đơn vị"),
        (HEAD, OFFICER),
        short=_("soạn đề nghị khen thưởng"),
    ),
    "send_nominations": Action(
        _("Gửi, rút, bổ sung đề nghị khen thưởng của đơn vị"),
        (HEAD,),
        short=_("gửi đề nghị khen thưởng"),
    ),
    "accept_nominations": Action(
        _("Nhận xem xét đề nghị của đơn vị trực thuộc gửi qua đơn vị"),
        (HEAD, OFFICER),
    ),
    "forward_nominations": Action(
        _("Chuyển lên cấp trên đề nghị của đơn vị trực thuộc"),
        (HEAD,),
    ),
    "return_nominations": Action(
        _("Trả lại đề nghị đang ở đơn vị"),
        (HEAD, OFFICE),
    ),
    "review": Action(
        _("Thẩm định đề nghị gửi đến đơn vị, công bố kết quả, trình Hội đồng"),
        (OFFICE,),
        short=_("thẩm định đề nghị gửi đến"),
        short_above=_("thẩm định đề nghị gửi lên"),
    ),
    "read_reviews": Action(
        _("Xem bàn thẩm định của đơn vị"),
        (OFFICE, AUDITOR),
    ),
    "read_for_the_council": Action(
        _("Xem đề nghị đã trình Hội đồng"),
        (COUNCIL,),
        below=True,
    ),
    "prepare_sittings": Action(
        _("Lập Hội đồng của đơn vị, chuẩn bị phiên họp, ghi dự họp, ghi kết quả bỏ phiếu trên giấy"),
        (HEAD, OFFICER, OFFICE),
        short=_("chuẩn bị họp hội đồng"),
    ),
    "sit_in_council": Action(
        _("Dự họp, biểu quyết ở Hội đồng của đơn vị mà mình là thành viên"),
        (HEAD, OFFICER, OFFICE, COUNCIL),
        short=_("biểu quyết ở hội đồng"),
    ),
    "set_findings_aside": Action(
        _("Bỏ qua có lý do một điểm chưa đạt của đề nghị gửi đến đơn vị"),
        (OFFICE,),
    ),
    "read_opinions": Action(
        _("Xem câu hỏi ý kiến gửi đến đơn vị"),
        (HEAD, OFFICER),
    ),
    "answer_opinions": Action(
        _("Trả lời câu hỏi ý kiến gửi đến đơn vị"),
        (HEAD,),
    ),
    "change_severities": Action(
        _("Quyết định điều kiện nào chặn, điều kiện nào chỉ cảnh báo"),
        (OFFICE,),
        root=True,
    ),
    "read_law_drafts": Action(
        _("Xem bản soạn bộ quy định, số liệu theo ngày và kết quả thử trên hồ sơ"),
        (OFFICE, AUDITOR),
        root=True,
    ),
    "draft_law": Action(
        _("Soạn bộ quy định, số liệu theo ngày; thử trên hồ sơ; áp dụng quy định có lợi hơn cho hồ sơ đang mở"),
        (OFFICE,),
        root=True,
    ),
    "put_law_in_force": Action(
        _("Cho bộ quy định, số liệu theo ngày có hiệu lực, với tư cách người thứ hai"),
        (OFFICE,),
        root=True,
        lent=False,
    ),
    "write_unit_ledger": Action(
        _("Ghi sổ khen thưởng phần do thủ trưởng đơn vị quyết định"),
        (HEAD, OFFICER),
        below=True,
        former=True,
        short=_("ghi sổ khen thưởng"),
    ),
    "revoke_unit_awards": Action(
        _("Ghi việc hủy khen thưởng do thủ trưởng đơn vị quyết định"),
        (HEAD,),
        below=True,
        former=True,
    ),
    "write_ledger": Action(
        _("Ghi sổ khen thưởng ở mọi cấp; ghi việc hủy"),
        (OFFICE,),
        below=True,
        short=_("ghi sổ khen thưởng"),
    ),
    "write_unit_initiatives": Action(
        _("Đăng ký, sửa sáng kiến của đơn vị"),
        (HEAD, OFFICER),
        former=True,
    ),
    "recognise_unit_initiatives": Action(
        _("Ghi nhận công nhận sáng kiến trong phạm vi đơn vị"),
        (HEAD,),
    ),
    "write_initiatives": Action(
        _("Đăng ký, sửa sáng kiến của đơn vị và của các đơn vị trực thuộc"),
        (OFFICE,),
        below=True,
    ),
    "recognise_initiatives": Action(
        _("Ghi nhận công nhận sáng kiến ở mọi phạm vi"),
        (OFFICE,),
        root=True,
    ),
    "read_decisions": Action(
        _("Xem mọi quyết định khen thưởng của đơn vị, kể cả dự thảo"),
        (HEAD, OFFICER, OFFICE, AUDITOR),
    ),
    "prepare_decisions": Action(
        _("Soạn, trình ký quyết định khen thưởng của đơn vị"),
        (HEAD, OFFICER, OFFICE),
        short=_("soạn quyết định khen thưởng"),
    ),
    "issue_decisions": Action(
        _("Ghi quyết định khen thưởng là đã ban hành, vào sổ"),
        (HEAD, OFFICE),
    ),
    "confirm_decisions": Action(
        _("Xác nhận đơn vị đã nhận quyết định khen thưởng"),
        (HEAD, OFFICER),
    ),
    "read_fund": Action(
        _("Xem quỹ thi đua, khen thưởng của đơn vị và của các đơn vị trực thuộc"),
        (HEAD, OFFICER, OFFICE, AUDITOR),
        below=True,
        former=True,
    ),
    "keep_fund": Action(
        _("Ghi sổ quỹ thi đua, khen thưởng của đơn vị, chi tiền thưởng"),
        (HEAD, OFFICER, OFFICE),
        former=True,
    ),
}
