"""What stands against a nomination, and what of its paper: the law's conditions and the portal's own checks.

Each finding says what, why, by which article and what to do; the blocking ones stop the nomination until they are
mended or set aside with a reason. Nothing here writes, and many nominations cost as many queries as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from awards.law.case import Case
from awards.law.rules import Finding, judge
from awards.law.standards import Award, Edition
from awards.law.terms import Result, Tag
from awards.models import ConditionSetting, Evidence, Nomination, Override
from awards.models.ledger import award_label
from awards.nominations.checking import cases, records, reports
from awards.nominations.checking.findings import Opened, opened_by, portal_finding, severities
from awards.nominations.checking.limits import beyond_limits
from portal.scope import under
from units.models import User

N = Nomination.State
ORDER = {Result.FAIL: 0, Result.EVIDENCE: 1, Result.PASS: 2, Result.NOT_APPLICABLE: 3}


@dataclass
class Checked:
    """One nomination with all that was found, the pressing first."""

    nomination: Nomination
    award: Award | None
    edition: Edition
    case: Case
    findings: list[Finding] = field(default_factory=list)
    set_aside: dict[str, Override] = field(default_factory=dict)
    files: list[Evidence] = field(default_factory=list)  # its own and those of the paper

    @property
    def ruling(self) -> str:
        """By which edition it is judged, and whether that has ended by the day that counts."""
        return self.edition.ruling(self.case.on)

    @property
    def blocking(self) -> list[Finding]:
        """What stops it now."""
        return [f for f in self.findings if f.blocks and f.condition not in self.set_aside]

    @property
    def waived(self) -> list[tuple[Finding, Override]]:
        """What would stop it, had nobody set it aside."""
        return [(f, self.set_aside[f.condition]) for f in self.findings if f.blocks and f.condition in self.set_aside]

    @property
    def advisory(self) -> list[Finding]:
        """What deserves a look and stops nothing."""
        return [f for f in self.findings if f.result in (Result.FAIL, Result.EVIDENCE) and not f.blocks]

    @property
    def met(self) -> list[Finding]:
        """What holds."""
        return [f for f in self.findings if f.result == Result.PASS]


@dataclass
class CheckContext:
    """What all the checks of some nominations need of the database, beside their cases."""

    changed: list[ConditionSetting]
    opened: Opened
    beyond: dict[int, list[Finding]]


def check_nominations(nominations: Iterable[Nomination], *, reader: User | None = None) -> dict[int, Checked]:
    """The findings of each nomination by its id; `reader` sees the names of the units that they may see anyway."""
    chosen = list(nominations)
    gathered = cases.of_nominations(chosen)
    if not gathered:
        return {}
    known = _context(chosen)
    found = {pk: _check(one, known, reader) for pk, one in gathered.items()}
    _set_aside([checked for checked in found.values() if checked.blocking])
    return found


def objections(nomination: Nomination) -> list[Any]:
    """Why this one cannot go on, in words."""
    return objections_of([Nomination.objects.for_checks().get(pk=nomination.pk)])[nomination.pk]


def objections_of(nominations: Iterable[Nomination]) -> dict[int, list[Any]]:
    """Why each of them cannot go on, in words; an empty list where nothing stops it."""
    return {pk: [in_words(f) for f in checked.blocking] for pk, checked in check_nominations(nominations).items()}


def in_words(finding: Finding) -> str:
    """The finding as one sentence: what, why, by which article, what to do."""
    return _("%(says)s %(words)s Căn cứ: %(article)s. Cách xử lý: %(todo)s") % {
        "says": finding.says,
        "words": finding.words,
        "article": finding.article,
        "todo": finding.what_to_do,
    }


def _context(chosen: list[Nomination]) -> CheckContext:
    opened = opened_by({n.submission.pk: n.submission for n in chosen}.values())
    changed = severities()
    return CheckContext(changed, opened, beyond_limits(chosen, opened, changed))


def _set_aside(blocked: list[Checked]) -> None:
    """Fetch what was set aside where something blocks; elsewhere there is nothing to set aside."""
    by_pk = {checked.nomination.pk: checked for checked in blocked}
    if by_pk:
        for row in Override.objects.filter(nomination__in=by_pk).select_related("by__person"):
            by_pk[row.nomination_id].set_aside[row.condition] = row


def _check(one: cases.Gathered, known: CheckContext, reader: User | None) -> Checked:
    n, edition = one.nomination, cases.edition_of(one.nomination)
    award = edition.awards.get(n.award)
    found = [*_award(n, award, edition, known.opened), *_paper(one), *_elsewhere(one, reader), *known.beyond[n.pk]]
    if award:
        found += judge(award, one.case, edition, known.changed)
    found.sort(key=lambda f: (not f.blocks, ORDER[f.result]))
    return Checked(n, award, edition, one.case, found, files=one.files)


def _award(n: Nomination, award: Award | None, edition: Edition, opened: Opened) -> Iterator[Finding]:
    """Whether this award may be proposed at all: for this subject, under this edition and this campaign."""
    if award is None:
        yield portal_finding(
            "award",
            _("Danh hiệu, hình thức phải có trong quy định đang áp dụng."),
            _("Không có trong %s.") % edition.label,
            _("Chọn danh hiệu, hình thức khác."),
            blocks=True,
        )
        return
    if cases.SUBJECTS[n.subject_kind] not in award.subjects:
        yield portal_finding(
            "subject",
            _("«%s» có đối tượng riêng.") % award.label,
            _("Không dành cho %s.") % cases.SUBJECTS[n.subject_kind].label.lower(),
            _("Chọn danh hiệu, hình thức khác."),
            blocks=True,
            article=award.article,
        )
    campaign = n.submission.campaign_id
    rows = [r for r in opened.get(campaign, []) if r.award == n.award] if campaign else []
    if campaign and opened.get(campaign) and not rows:
        yield portal_finding(
            "opened",
            _("Phong trào chỉ mở một số hình thức khen thưởng."),
            _("«%s» không nằm trong số đó.") % award.label,
            _("Chọn một hình thức mà phong trào đã mở."),
            blocks=True,
        )
    fields = {r.merit_field_id for r in rows}
    if rows and None not in fields and n.merit_field_id not in fields:
        yield portal_finding(
            "merit_field",
            _("Phong trào mở hình thức này theo lĩnh vực thành tích."),
            _("Chưa chọn lĩnh vực phù hợp."),
            _("Chọn lĩnh vực thành tích của đề nghị."),
            blocks=True,
        )


def _paper(one: cases.Gathered) -> Iterator[Finding]:
    """What the nomination and its cover lack."""
    n, cover = one.nomination, one.nomination.submission
    if not n.summary.strip():
        yield portal_finding(
            "summary",
            _("Mỗi đề nghị có phần tóm tắt thành tích."),
            _("Chưa ghi tóm tắt thành tích."),
            _("Ghi tóm tắt thành tích, từ ba đến năm câu."),
            blocks=True,
            article=reports.article(cases.edition_of(n)),
            tag=Tag.SECONDARY,
            source=reports.SOURCE,
        )
    if not cover.declared_true:
        yield portal_finding(
            "declared",
            _("Đơn vị cam đoan kê khai đúng sự thật."),
            _("Chưa có lời cam đoan trong tờ trình."),
            _("Mở phần thông tin tờ trình và đánh dấu cam đoan."),
            blocks=True,
        )
    if lacking := reports.missing(n):
        yield portal_finding(
            "report_sections",
            _("Báo cáo thành tích có đủ các mục thường có của mẫu; hãy đối chiếu với mẫu báo cáo."),
            _("Còn thiếu: %s.") % ", ".join(str(s.heading) for s in lacking),
            _("Viết các mục còn thiếu, hoặc ghi «không có»."),
            article=reports.article(cases.edition_of(n)),
            tag=Tag.MEMORY,
            source=reports.SOURCE,
        )
    if n.votes_for is not None and cover.voters is not None and n.votes_for > cover.voters:
        yield portal_finding(
            "votes",
            _("Số phiếu đồng ý không nhiều hơn số thành viên Hội đồng dự họp, cho ý kiến."),
            _("%(yes)s phiếu trên %(all)s thành viên.") % {"yes": n.votes_for, "all": cover.voters},
            _("Kiểm tra lại biên bản họp Hội đồng."),
            blocks=True,
        )
    due, came = n.due, cover.first_submitted_at
    if due and cover.late_for(due):
        told = {"due": _minute(due), "came": _minute(came or due)}
        yield portal_finding(
            "deadline",
            _("Mốc đề nghị khen thưởng của phong trào có hạn."),
            (_("Gửi lần đầu lúc %(came)s, sau hạn %(due)s.") if came else _("Đã quá hạn %(due)s.")) % told,
            _("Người xét cân nhắc; đơn vị nên ghi lý do gửi muộn.")
            if came
            else _("Vẫn gửi được, hồ sơ sẽ ghi là gửi sau hạn; nên báo trước cho cơ quan thi đua."),
        )


def _minute(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%d/%m/%Y %H:%M}"


def _once(edition: Edition) -> str:
    """Where the law of that day says that an achievement is rewarded once; the editions before 2024 do not know it."""
    conditions = (c for award in edition.awards.values() for c in award.conditions)
    return next((c.article for c in conditions if c.key == "achievement_once"), "")


def _elsewhere(one: cases.Gathered, reader: User | None) -> Iterator[Finding]:
    """The same subject, or somebody named alike, in another paper of the year."""
    n = one.nomination
    once = _once(cases.edition_of(n)) if one.elsewhere else ""
    for other in one.elsewhere:
        same = other[records.key_of(n)[0]] == records.key_of(n)[1]
        where = _place(other, n, reader)
        if same:
            yield portal_finding(
                f"duplicate:{other['pk']}",
                _("Một đối tượng không được đề nghị hai lần cho một thành tích."),
                _("Đang được đề nghị «%(award)s» tại %(where)s.")
                % {"award": award_label(other["award"]), "where": where},
                _("Bỏ một trong hai đề nghị, hoặc bảo đảm hai đề nghị dựa trên thành tích khác nhau."),
                blocks=other["award"] == n.award,
                article=once,
                tag=Tag.SECONDARY,
                source="docs/domain/law-and-practice.md, 4",
            )
        else:
            yield portal_finding(
                f"alike:{other['pk']}",
                _("Người trùng tên, viết khác dấu hoặc khác thứ tự, có thể là một người."),
                _("«%(name)s» đang được đề nghị «%(award)s» tại %(where)s.")
                % {
                    "name": other["person__full_name"],
                    "award": award_label(other["award"]),
                    "where": where,
                },
                _("Kiểm tra có phải cùng một người không; nếu phải, báo quản trị gộp hồ sơ và bỏ một đề nghị."),
                article=once,
                tag=Tag.SECONDARY,
                source="docs/domain/law-and-practice.md, 4",
            )


def _place(other: dict[str, Any], n: Nomination, reader: User | None) -> str:
    """Where the other lies, named for those who may read it there."""
    mine = under(other["unit__path"], n.unit.path)
    if mine or (reader and under(other["unit__path"], *reader.reading_paths())):
        return _("tờ trình «%(title)s» của %(unit)s") % {
            "title": other["submission__title"],
            "unit": other["unit__short_name"],
        }
    return _("một đơn vị khác")


# --- what a request for more may ask, and whether it was answered ---


def askable(nomination: Nomination) -> dict[str, str]:
    """The parts of a dossier that may be opened again: key → words."""
    parts = {
        "summary": _("Tóm tắt thành tích"),
        "facts": _("Số liệu do đơn vị kê khai"),
        "votes_for": _("Số phiếu đồng ý của Hội đồng đơn vị"),
        "links": _("Cam kết, thành tích, sáng kiến làm căn cứ"),
    }
    parts |= {f"report.{s.key}": str(s.heading) for s in reports.sections(nomination)}
    award = cases.edition_of(nomination).awards.get(nomination.award)
    return parts | {f"evidence.{part.code}": part.label for part in (award.parts if award else ())}


def unanswered(nomination: Nomination) -> Iterator[Any]:
    """What the open request names and is still empty."""
    request = nomination.requests.filter(answered_at=None).last()
    if request is None:
        return
    names = askable(nomination)
    for key in request.fields:
        if key.startswith("evidence."):
            part = key.removeprefix("evidence.")
            if not nomination.evidence.filter(part=part, removed_at=None, at__gte=request.at).exists():
                yield _("Chưa có tệp mới cho phần: %s.") % names.get(key, part)
        elif key.startswith("report."):
            if not str(nomination.report.get(key.removeprefix("report."), "")).strip():
                yield _("Chưa viết phần: %s.") % names.get(key, key)
        elif key == "summary" and not nomination.summary.strip():
            yield _("Chưa viết phần: %s.") % names[key]
        elif key == "votes_for" and nomination.votes_for is None:
            yield _("Chưa ghi số phiếu đồng ý.")
