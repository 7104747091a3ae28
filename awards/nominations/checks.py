"""What stands against a nomination, and what of its paper: the law's conditions and the portal's own checks.

Each finding says what, why, by which article and what to do; the blocking ones stop the nomination until they are
mended or set aside with a reason. Nothing here writes, and many nominations cost as many queries as one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from awards.law import quotas as lists
from awards.law.rules import Finding, judge
from awards.law.standards import Award, Edition
from awards.law.terms import Result, Severity, Tag
from awards.ledger.services import award_label
from awards.models import CampaignAward, ConditionSetting, Evidence, Nomination, Override, PastAward, Submission
from awards.nominations import cases, reports
from portal.scope import under

N = Nomination.State
Opened = dict[int, list[CampaignAward]]  # by campaign
HOUSE = "–"  # the source of a check that no law sets
ORDER = {Result.FAIL: 0, Result.EVIDENCE: 1, Result.PASS: 2, Result.NOT_APPLICABLE: 3}


def _found(
    key: str,
    says: str,
    words: str,
    what_to_do: str,
    *,
    blocks: bool = False,
    article: str = "",
    tag: Tag = Tag.VERIFIED,
    source: str = HOUSE,
    result: Result = Result.FAIL,
) -> Finding:
    return Finding(
        condition=key,
        result=result,
        severity=Severity.BLOCK if blocks else Severity.WARN,
        says=says,
        words=words,
        article=article or _("quy định của cổng"),
        what_to_do=what_to_do,
        tag=tag,
        source=source,
    )


@dataclass
class Checked:
    """One nomination with all that was found, the pressing first."""

    nomination: Nomination
    award: Award | None
    edition: Edition
    case: Any
    findings: list[Finding] = field(default_factory=list)
    set_aside: dict[str, Override] = field(default_factory=dict)
    files: list[Evidence] = field(default_factory=list)  # its own and those of the paper

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
class Checklist:
    """What all the checks of some nominations need of the database, beside their cases."""

    changed: list[Any]
    opened: Opened
    beyond: dict[int, list[Finding]]


def of(nominations: Iterable[Nomination], *, reader: Any = None) -> dict[int, Checked]:
    """The findings of each nomination by its id; `reader` sees the names of the units that they may see anyway."""
    chosen = list(nominations)
    gathered = cases.of_nominations(chosen)
    if not gathered:
        return {}
    known = _checklist(chosen)
    found = {pk: _check(one, known, reader) for pk, one in gathered.items()}
    _set_aside([checked for checked in found.values() if checked.blocking])
    return found


def objections(nomination: Nomination) -> list[Any]:
    """Why this one cannot go on, in words."""
    return objections_of([Nomination.objects.for_checks().get(pk=nomination.pk)])[nomination.pk]


def objections_of(nominations: Iterable[Nomination]) -> dict[int, list[Any]]:
    """Why each of them cannot go on, in words; an empty list where nothing stops it."""
    return {pk: [in_words(f) for f in checked.blocking] for pk, checked in of(nominations).items()}


def in_words(finding: Finding) -> str:
    """The finding as one sentence: what, why, by which article, what to do."""
    return _("%(says)s %(words)s Căn cứ: %(article)s. Cách xử lý: %(todo)s") % {
        "says": finding.says,
        "words": finding.words,
        "article": finding.article,
        "todo": finding.what_to_do,
    }


def _checklist(chosen: list[Nomination]) -> Checklist:
    opened = opened_by({n.submission.pk: n.submission for n in chosen}.values())
    changed = severities()
    return Checklist(changed, opened, _beyond(chosen, opened, changed))


def opened_by(submissions: Iterable[Submission]) -> Opened:
    """What their campaigns have opened; a paper that was asked once remembers it."""
    papers = [s for s in submissions if s.campaign_id]
    unknown = {s.campaign_id for s in papers if not hasattr(s, "opened")}
    found: Opened = {s.campaign_id: s.opened for s in papers if hasattr(s, "opened")}
    if unknown:
        found |= {pk: [] for pk in unknown}
        for row in CampaignAward.objects.filter(campaign__in=unknown):
            found[row.campaign_id].append(row)
    for paper in papers:
        paper.opened = found[paper.campaign_id]
    return found


def _set_aside(blocked: list[Checked]) -> None:
    """Fetch what was set aside where something blocks; elsewhere there is nothing to set aside."""
    by_pk = {checked.nomination.pk: checked for checked in blocked}
    if by_pk:
        for row in Override.objects.filter(nomination__in=by_pk).select_related("by__person"):
            by_pk[row.nomination_id].set_aside[row.condition] = row


def severities() -> list[Any]:
    """The conditions whose severity the office has changed."""
    return list(ConditionSetting.objects.all())


def _check(one: cases.Gathered, known: Checklist, reader: Any) -> Checked:
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
        yield _found(
            "award",
            _("Danh hiệu, hình thức phải có trong quy định đang áp dụng."),
            _("Không có trong %s.") % edition.label,
            _("Chọn danh hiệu, hình thức khác."),
            blocks=True,
        )
        return
    if cases.SUBJECTS[n.subject_kind] not in award.subjects:
        yield _found(
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
        yield _found(
            "opened",
            _("Phong trào chỉ mở một số hình thức khen thưởng."),
            _("«%s» không nằm trong số đó.") % award.label,
            _("Chọn một hình thức mà phong trào đã mở."),
            blocks=True,
        )
    fields = {r.merit_field_id for r in rows}
    if rows and None not in fields and n.merit_field_id not in fields:
        yield _found(
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
        yield _found(
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
        yield _found(
            "declared",
            _("Đơn vị cam đoan kê khai đúng sự thật."),
            _("Chưa có lời cam đoan trong tờ trình."),
            _("Mở phần thông tin tờ trình và đánh dấu cam đoan."),
            blocks=True,
        )
    if lacking := reports.missing(n):
        yield _found(
            "report_sections",
            _("Báo cáo thành tích có đủ các mục (theo nội dung thường có; chưa đối chiếu nguyên văn mẫu)."),
            _("Còn thiếu: %s.") % ", ".join(str(s.heading) for s in lacking),
            _("Viết các mục còn thiếu, hoặc ghi «không có»."),
            article=reports.article(cases.edition_of(n)),
            tag=Tag.MEMORY,
            source=reports.SOURCE,
        )
    if n.votes_for is not None and cover.council_members is not None and n.votes_for > cover.council_members:
        yield _found(
            "votes",
            _("Số phiếu đồng ý không nhiều hơn số thành viên Hội đồng."),
            _("%(yes)s phiếu trên %(all)s thành viên.") % {"yes": n.votes_for, "all": cover.council_members},
            _("Kiểm tra lại biên bản họp Hội đồng."),
            blocks=True,
        )
    due, came = getattr(n, "due", None), cover.first_submitted_at
    if cover.late_for(due):
        told = {"due": _minute(due), "came": _minute(came or due)}
        yield _found(
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


def _elsewhere(one: cases.Gathered, reader: Any) -> Iterator[Finding]:
    """The same subject, or somebody named alike, in another paper of the year."""
    n = one.nomination
    once = _once(cases.edition_of(n)) if one.elsewhere else ""
    for other in one.elsewhere:
        same = other[cases.key_of(n)[0]] == cases.key_of(n)[1]
        where = _place(other, n, reader)
        if same:
            yield _found(
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
            yield _found(
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


def _place(other: dict[str, Any], n: Nomination, reader: Any) -> str:
    """Where the other lies, named for those who may read it there."""
    mine = under(other["unit__path"], n.unit.path)
    if mine or (reader and under(other["unit__path"], *reader.reading_paths())):
        return _("tờ trình «%(title)s» của %(unit)s") % {
            "title": other["submission__title"],
            "unit": other["unit__short_name"],
        }
    return _("một đơn vị khác")


# --- the list: quotas, places, leaders ---


@dataclass
class Meter:
    """How much of a limit the unit's list uses, live."""

    award: str
    used: int
    most: int
    finding: Finding

    @property
    def over(self) -> bool:
        return self.used > self.most


def _beyond(chosen: list[Nomination], opened: Opened, changed: list[Any]) -> dict[int, list[Finding]]:
    """For each nomination the limits of its unit's list beyond which it lies, first come first counted."""
    found: dict[int, list[Finding]] = defaultdict(list)
    limited = [n for n in chosen if _limits(n, opened)]
    if not limited:
        return found
    counts = _Counts.of(limited, changed)
    for n in limited:
        for _key, meter, rank in counts.meters(n, _limits(n, opened)):
            if rank > meter.most and n.state not in Nomination.ENDED:
                found[n.pk].append(meter.finding)
    return found


def _limits(n: Nomination, opened: Opened) -> list[tuple[str, Any]]:
    award = cases.edition_of(n).awards.get(n.award)
    limits: list[tuple[str, Any]] = [("quota", award.quota)] if award and award.quota else []
    for row in opened.get(n.submission.campaign_id or 0, []):
        if row.award == n.award and row.places is not None and row.merit_field_id in (None, n.merit_field_id):
            limits.append((f"places:{row.pk}", row))
    return limits


@dataclass
class _Counts:
    """What the units' lists of the year hold and what their members hold already: two queries."""

    rows: list[dict[str, Any]]
    holders: dict[tuple[int, str], int]
    changed: list[Any]

    @classmethod
    def of(cls, limited: list[Nomination], changed: list[Any]) -> _Counts:
        units, years = {n.unit_id for n in limited}, {n.submission.year for n in limited}
        rows = list(
            Nomination.objects.filter(unit__in=units, submission__year__in=years)
            .exclude(state__in=Nomination.ENDED)
            .order_by("pk")
            .values("pk", "unit", "award", "merit_field", "submission__year", "submission__campaign")
        )
        bases = {a.quota.of.code for n in limited if (a := cases.edition_of(n).awards.get(n.award)) and a.quota}
        holders: dict[tuple[int, str], int] = {}
        if bases:
            held = PastAward.objects.filter(unit__in=units, year__in=years, award__in=bases, revoked_on=None)
            for unit, code, count in held.values_list("unit", "award").annotate(Count("pk")).order_by():
                holders[unit, code] = count
        return cls(rows, holders, changed)

    def meters(self, n: Nomination, limits: list[tuple[str, Any]]) -> Iterator[tuple[str, Meter, int]]:
        """Each limit as a meter, with the place of this nomination in the list."""
        own = [r for r in self.rows if r["unit"] == n.unit_id and r["submission__year"] == n.submission.year]
        edition = cases.edition_of(n)
        for key, limit in limits:
            if key == "quota":
                same = [r["pk"] for r in own if r["award"] == n.award]
                base = self.holders.get((n.unit_id, limit.of.code), 0) + sum(r["award"] == limit.of.code for r in own)
                most = limit.most(base)
                award = edition.awards[n.award]
                finding = lists.quota(award, edition, proposed=len(same), base=base, settings=self.changed)
            else:
                same = [
                    r["pk"]
                    for r in own
                    if r["award"] == n.award
                    and r["submission__campaign"] == n.submission.campaign_id
                    and limit.merit_field_id in (None, r["merit_field"])
                ]
                most, finding = limit.places, _places(key, len(same), limit.places)
            yield key, Meter(n.award, len(same), most, finding), same.index(n.pk) + 1 if n.pk in same else 0


def _places(key: str, used: int, most: int) -> Finding:
    """A limit that the campaign itself has set."""
    return _found(
        key,
        _("Phong trào giới hạn số lượng mỗi đơn vị được đề nghị."),
        _("Đơn vị đã đề nghị %(used)s, tối đa %(most)s.") % {"used": used, "most": most},
        _("Bỏ bớt đề nghị, hoặc chọn danh hiệu, hình thức khác."),
        blocks=True,
        article=_("quy định của phong trào"),
        result=Result.FAIL if used > most else Result.PASS,
    )


@dataclass
class Listing:
    """The paper as a list: how long it is, its limits as meters, and the share of leaders among the people in it."""

    total: int
    meters: list[Meter]
    people: int
    leaders: int

    @property
    def leaders_percent(self) -> int:
        return round(self.leaders * 100 / self.people) if self.people else 0

    @property
    def too_many_leaders(self) -> bool:
        """Beyond the share the office has set; there is no legal figure, and none is set until it does."""
        percent = settings.LEADERS_SHARE_PERCENT or None
        found = lists.leaders(leading=self.leaders, total=self.people, percent=percent)
        return found is not None and found.result == Result.FAIL


def listing(submission: Submission) -> Listing:
    """The figures of the whole paper, however long it is."""
    groups = submission.nominations.order_by().values_list("award", "merit_field", "state")
    rows = groups.annotate(
        Count("pk"),
        persons=Count("pk", filter=Q(person__isnull=False)),
        leading=Count("pk", filter=Q(person__isnull=False, leads=True)),
    )
    total = people = leaders = 0
    kinds: dict[tuple[str, int | None], Nomination] = {}
    for award, merit_field, state, count, persons, leading in rows:
        total += count
        if state not in Nomination.ENDED:
            people, leaders = people + persons, leaders + leading
            kinds[award, merit_field] = Nomination(
                submission=submission, unit=submission.unit, award=award, merit_field_id=merit_field
            )
    opened = opened_by([submission])
    limited = [n for n in kinds.values() if _limits(n, opened)]
    meters = {}
    if limited:
        counts = _Counts.of(limited, severities())
        for n in limited:
            for key, meter, _rank in counts.meters(n, _limits(n, opened)):
                meters[key, n.award] = meter
    return Listing(total, list(meters.values()), people, leaders)


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
    names = askable(nomination)
    for key in request.fields if request else []:
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
