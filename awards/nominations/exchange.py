"""The nominations of one paper as a spreadsheet: brought in all or nothing, judged row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from awards.law import standards
from awards.law.standards import Award
from awards.ledger import books, finding, naming
from awards.ledger.finding import BIRTH_YEAR, CODE, KIND, ONCE, PLACE, Found, Subjects
from awards.models import Nomination, Submission
from awards.models.ledger import award_label
from awards.models.nominations import NominationQuerySet, too_many_votes
from awards.models.subjects import SubjectKind, key_of_subject
from awards.nominations import editing, permissions
from awards.nominations.checking import cases, records
from awards.nominations.forms.submissions import open_awards
from portal.days import today
from portal.exchange.base import CHANGE, CREATE, Change, Exchange, Task, in_chunks
from portal.exchange.columns import NAME, Column
from portal.exchange.lines import Line
from portal.exchange.sheet import Sheet
from portal.flow import Refused
from units.models import Collective, Person, Posting, Unit
from units.models.units import valid_on

BATCH = 2_000
_label = lazy(award_label, str)

SHEET = Sheet(
    title=_("Đề nghị khen thưởng"),
    columns=(
        KIND,
        CODE,
        Column("name", _("Họ tên cá nhân, tên tập thể"), limit=200, example="Nguyễn Thị Lan", width=30,
               person=True, aliases=("Tên", "Họ và tên", *NAME, "Tên tập thể", "Tên đơn vị", "Họ và tên, tên tập thể",
                                     "Tên cá nhân, tập thể", "Cá nhân, tập thể"),
               help=_("Để đối chiếu với mã, hoặc để nhận ra đối tượng khi không ghi mã.")),
        BIRTH_YEAR,
        PLACE,
        Column("award", _("Danh hiệu, hình thức"), "choice", required=True, example="GK", width=36,
               choices=tuple((code, _label(code)) for code in books.known_awards()), aliases=naming.HEADINGS,
               understand=naming.award_named, missing=ONCE,
               help=_("Tên, chữ viết tắt (CSTĐCS, LĐTT, GK) hoặc mã trong danh mục.")),
        Column("merit_field", _("Mã lĩnh vực thành tích"), "code", limit=10, example="a", width=14,
               help=_("Mã lĩnh vực của phong trào, khi tờ trình theo phong trào.")),
        Column("position", _("Chức vụ"), limit=100, example="Trưởng phòng", width=24,
               help=_("Để trống thì lấy chức vụ trên cổng.")),
        Column("leads", _("Lãnh đạo"), "bool", example=False, width=10, help=_("Có: là lãnh đạo, quản lý.")),
        Column("summary", _("Tóm tắt thành tích"), limit=2000, width=60,
               example="Kiểm sát 42 vụ án, không vụ nào quá hạn.", help=_("Ba đến năm câu, có số liệu.")),
        Column("achievements", _("Thành tích đạt được"), limit=20000, width=60,
               example="Năm 2025: …", help=_("Mục thành tích của báo cáo.")),
        Column("votes_for", _("Số phiếu đồng ý"), "int", low=0, high=999, example=9, width=12, share=True,
               aliases=("Số phiếu", "Phiếu đồng ý", "Kết quả bỏ phiếu", "Kết quả phiếu"),
               help=_("Số phiếu đồng ý của Hội đồng đơn vị; «9/9» được hiểu là 9.")),
    ),
    about=(
        _("Mỗi dòng là một đề nghị trong tờ trình này."),
        _("Cổng nhận ra đề nghị đã có theo đối tượng và hình thức; đề nghị đã gửi thì không sửa bằng tệp."),
    ),
    tells=naming.told,
)  # fmt: skip
PLAIN = ("position", "leads", "summary", "votes_for")


@dataclass
class _World:
    """What the portal knows of everyone in the file, asked in portions of the file and not by the row."""

    submission: Submission
    awards: dict[str, Award]
    subjects: Subjects
    fields: dict[str, Any] = field(default_factory=dict)
    postings: dict[int, Posting] = field(default_factory=dict)
    there: dict[tuple[records.Key, str], Nomination] = field(default_factory=dict)

    @classmethod
    def of(cls, task: Task, submission: Submission) -> _World:
        known = {award.code: award for award in open_awards(submission)}
        scope = _of_unit(submission.unit, task.by)
        world = cls(submission, known, Subjects(task.lines, scope, _("Không tìm thấy mã %s trong đơn vị trình.")))
        if submission.campaign:
            world.fields = {f.code.casefold(): f for f in submission.campaign.merit_fields.all()}
        for some in in_chunks(world.subjects.people()):
            for posting in Posting.objects.filter(valid_on(today()), person__in=some).order_by("valid_from", "pk"):
                world.postings[posting.person_id] = posting
        kept = task.held(submission.nominations.exclude(state=Nomination.State.WITHDRAWN)).select_related(
            "person", "collective", "whole_unit", "unit", "merit_field"
        )
        for nomination in kept.order_by("pk"):
            nomination.submission = submission
            world.there[records.key_of(nomination), nomination.award] = nomination
        return world


def _of_unit(unit: Unit, user: Any) -> dict[str, models.QuerySet]:
    """Whom the unit may propose, by kind."""
    return {
        SubjectKind.PERSON: Person.objects.visible_to(user).in_unit(unit),
        SubjectKind.COLLECTIVE: Collective.objects.visible_to(user).within(unit),
        SubjectKind.UNIT: Unit.objects.as_of(today()).within(unit),
    }


class NominationsExchange(Exchange):
    key = "nominations"
    title = _("Đề nghị khen thưởng")
    about = _("Các đề nghị của một tờ trình.")
    sheet = SHEET
    asked = ("kind", "award")
    like = finding.UNSURE
    home, back = _("Tờ trình này"), _("Trở lại tờ trình")

    def open_to(self, user: Any, options: dict[str, Any]) -> bool:
        return self._paper(user, options) is not None

    def home_url(self, options: dict[str, Any]) -> str:
        return reverse("submission", args=[options["submission"]])

    def upload_url(self, options: dict[str, Any]) -> str:
        return reverse("submission_import", args=[options["submission"]])

    def _paper(self, user: Any, options: dict[str, Any]) -> Submission | None:
        """The paper into which the file goes, for who writes in it."""
        papers = Submission.objects.visible_to(user).select_related("unit", "campaign")
        paper = papers.filter(pk=options.get("submission") or 0).first()
        return paper if paper and permissions.may_draft(user, paper) else None

    # --- in ---

    def plan(self, task: Task) -> None:
        submission = self._paper(task.by, task.options)
        if submission is None or not permissions.cover_open(submission):
            raise Refused([editing.CLOSED])
        world = _World.of(task, submission)
        world.subjects.tell(task)
        for line in world.subjects.lines(task, SHEET, ("award",)):
            _Row(task, world, line).judge()

    def apply(self, task: Task) -> Iterator[tuple[models.Model, str, dict[str, list]]]:
        for some in _batches(task.deeds(CREATE)):
            Nomination.objects.bulk_create([c.deed for c in some])
            yield from ((c.deed, "create", {}) for c in some)
        names = [*PLAIN, "merit_field", "report", "version", "updated_by", "search", "name_key"]
        for some in _batches(task.deeds(CHANGE)):
            Nomination.objects.bulk_update([c.deed for c in some], names, batch_size=200)
            yield from ((c.deed, "edit", c.told) for c in some)

    # --- out ---

    def source(self, user: Any, options: dict[str, Any]) -> NominationQuerySet:
        paper = self._paper(user, options)
        kept = Nomination.objects.filter(submission=paper) if paper else Nomination.objects.none()
        return kept.exclude(state=Nomination.State.WITHDRAWN)

    def rows(self, user: Any, options: dict[str, Any]) -> Iterable[dict[str, Any]]:
        for n in self.source(user, options).for_list().order_by("pk").iterator(chunk_size=BATCH):
            yield _cells(n) | {
                "kind": n.subject_kind,
                "code": books.code_of(n.subject),
                "name": n.subject_name,
                "birth_year": n.person.birth_year if n.person else None,
                "place": n.unit.short_name,
                "award": n.award,
            }


def _batches(changes: list[Change]) -> Iterator[list[Change]]:
    for start in range(0, len(changes), BATCH):
        yield changes[start : start + BATCH]


def _cells(n: Nomination) -> dict[str, Any]:
    """What a line may say of a nomination, as it is stored."""
    return {name: getattr(n, name) for name in PLAIN} | {
        "merit_field": n.merit_field.code if n.merit_field else None,
        "achievements": n.report.get("achievements") or None,
    }


@dataclass
class _Row:
    """One line of the file on its way into the paper."""

    task: Task
    world: _World
    line: Line
    failed: bool = False

    def problem(self, key: str, words: Any) -> None:
        self.failed = True
        self.task.problem(self.line, SHEET[key], words)

    @property
    def found(self) -> Found:
        return self.world.subjects.found(self.line)

    @property
    def _label(self) -> str:
        return self.world.subjects.label(self.line)

    def judge(self) -> None:
        line, world = self.line, self.world
        subject = self.found.subject
        for column, words in world.subjects.objections(line):
            self.problem(column, words)
        if subject is None:
            return
        self._award(SubjectKind(line["kind"]))
        merit_field = self._merit_field()
        votes, voters = line["votes_for"], world.submission.voters
        if votes is not None and voters is not None and votes > voters:
            self.problem("votes_for", too_many_votes(voters))
        if self.failed:
            return
        key = (key_of_subject(subject), subject.pk)
        if was := world.there.get((key, line["award"])):
            self._change(was, merit_field)
        else:
            self._create(subject, merit_field)

    def _award(self, kind: SubjectKind) -> None:
        award = self.world.awards.get(self.line["award"])
        if award is None:
            known = self.line["award"] in standards.in_force(today()).awards
            words = _("Phong trào không mở hình thức này.") if known else _("Không có trong quy định đang áp dụng.")
            self.problem("award", words)
        elif cases.SUBJECTS[kind] not in award.subjects:
            self.problem("award", _("Hình thức này không dành cho đối tượng ở dòng này."))

    def _merit_field(self) -> Any:
        code = self.line["merit_field"]
        if code is None:
            return None
        if self.world.submission.campaign is None:
            self.problem("merit_field", _("Tờ trình này không theo phong trào nào: hãy để trống cột này."))
            return None
        found = self.world.fields.get(code.casefold())
        if found is None:
            self.problem("merit_field", _("Phong trào không có lĩnh vực mang mã %s.") % code)
        return found

    def _fill(self, n: Nomination, merit_field: Any) -> None:
        """Set what the line says; an empty cell leaves what is there."""
        for name in PLAIN:
            if self.line[name] is not None:
                setattr(n, name, self.line[name])
        if merit_field is not None:
            n.merit_field = merit_field
        if self.line["achievements"] is not None:
            n.report = n.report | {"achievements": self.line["achievements"]}
        n.updated_by = self.task.by
        n.refresh_search()

    def _create(self, subject: Any, merit_field: Any) -> None:
        paper = self.world.submission
        n = Nomination(submission=paper, unit=paper.unit, desk=paper.unit, award=self.line["award"])
        setattr(n, key_of_subject(subject), subject)
        posting = self.world.postings.get(subject.pk) if isinstance(subject, Person) else None
        if posting:
            n.position, n.leads = posting.position, posting.leads
        self._fill(n, merit_field)
        told = {"award": n.award} | {name: value for name, value in _cells(n).items() if value not in (None, "")}
        change = Change(CREATE, self.line.number, self._label, told, like=self.found.doubt, deed=n)
        self.task.changes.append(change)

    def _change(self, was: Nomination, merit_field: Any) -> None:
        before = _cells(was)
        self._fill(was, merit_field)
        after = _cells(was)
        told = {
            name: [before[name], value] for name, value in after.items() if (before[name] or None) != (value or None)
        }
        if not told:
            self.task.same += 1
            return
        if not was.editable:
            self.problem("code", _("Đề nghị này đã gửi nên không sửa bằng tệp."))
            return
        was.version += 1
        change = Change(CHANGE, self.line.number, self._label, told, like=self.found.doubt, deed=was)
        self.task.changes.append(change)
