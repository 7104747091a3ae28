"""Import in two phases and export, as jobs: check and show, then all or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.access import seat
from portal.days import today
from portal.exchange.base import CHANGE, CLOSE, CREATE, Change, Exchange, Task, exchanges
from portal.exchange.lines import Choice, Reading
from portal.files.sheets import Head
from portal.files.uploads import safe_name
from portal.flow import Refused
from portal.jobs.services import all_in, handles, keep_output, progress, start, still_asked
from portal.models import Entry, Job
from portal.models.trail import key_of, record
from portal.scope import under
from portal.text import grouped

if TYPE_CHECKING:
    from units.models import User

CHECK, APPLY, EXPORT = "import_check", "import_apply", "export"
SHOWN = 100  # changes of each sort that the page lists
MAX_LIKE = 2_000  # likely duplicates that a person can be asked to look at
EXPORT_AT_ONCE = 1_000  # rows; longer exports are jobs
ENTRIES = 1_000  # of the trail, written at a time
KEPT_SECONDS = 3600  # how long the lines of a checked file are at hand, so that applying need not read it again


def start_check(
    exchange: Exchange, file: Any, *, by: User, options: dict[str, Any], once: str, reading: Choice | None = None
) -> Job:
    """Hand the file to a worker. The same form sent twice makes one job: `once` is the form's own token."""
    with transaction.atomic():
        get_user_model().objects.select_for_update(of=("self",)).get(
            pk=by.pk
        )  # the second click waits here for the first
        if same := Job.objects.filter(by=by, kind=CHECK, params__once=once).first():
            return same
        name = safe_name(file.name or "")
        title = _("Kiểm tra tệp nhập %(list)s: %(file)s") % {"list": exchange.title, "file": name}
        told = {"exchange": exchange.key, "name": name, "options": options, "once": once}
        return start(CHECK, title, by=by, source=file, **told, reading=(reading or Choice()).stored())


def start_apply(check: Job, *, by: User) -> Job:
    """Hand the checked file to a worker for writing; a second click finds the first one's job."""
    with transaction.atomic():
        check = Job.objects.select_for_update(of=("self",)).get(pk=check.pk)
        if running := Job.objects.filter(pk=check.result.get("apply_job")).first():
            return running
        exchange = exchanges()[check.params["exchange"]]
        title = _("Nhập %(list)s từ tệp %(file)s") % {"list": exchange.title, "file": check.params["name"]}
        job = start(APPLY, title, by=by, check=check.pk)
        check.result["apply_job"] = job.pk
        check.save(update_fields=["result"])
        return job


def start_export(exchange: Exchange, kind: str, *, by: User, options: dict[str, Any]) -> Job:
    """Hand a long export to a worker; while it runs, asking again shows the same job."""
    with transaction.atomic():
        get_user_model().objects.select_for_update(of=("self",)).get(pk=by.pk)
        waiting = Job.objects.filter(by=by, kind=EXPORT, state__in=[Job.State.QUEUED, Job.State.RUNNING])
        asked = {"exchange": exchange.key, "format": kind, "options": options}
        for job in waiting:
            if job.params == asked:
                return job
        return start(EXPORT, _("Xuất danh sách: %s") % exchange.title, by=by, **asked)


def _opened_to(job: Job, by: User) -> Exchange:
    exchange = exchanges()[job.params["exchange"]]
    if not exchange.open_to(by, job.params["options"]):
        raise Refused([_("Đồng chí không còn quyền nhập hoặc xuất danh sách này.")])
    return exchange


def _may_read_check(check: Job) -> bool:
    """Whether the list is still open to who checked it, over all the units that were looked into."""
    exchange = exchanges().get(check.params["exchange"])
    if exchange is None or not exchange.open_to(check.by, check.params["options"]):
        return False
    paths = check.by.staff_paths()
    return all(under(path, *paths) for path in check.holds)


def _may_read_applied(job: Job) -> bool:
    """Whether the check that was applied is still open to who applied it."""
    check = Job.objects.filter(pk=job.params["check"], by=job.by).first()
    if check is None:
        return False
    check.by = job.by
    return _may_read_check(check)


def _may_read_export(job: Job) -> bool:
    """Whether the list is still open to who exported it, with every row that was."""
    exchange, options = exchanges().get(job.params["exchange"]), job.params["options"]
    if exchange is None or not exchange.open_to(job.by, options):
        return False
    return all_in(job.holds, exchange.source(job.by, options))


def stored(check: Job) -> File:
    """The uploaded file under the name it came with; it is kept for some time only."""
    if not check.source:
        raise FileNotFoundError
    check.source.open("rb")
    return File(check.source.file, name=check.params["name"])


def _reading(check: Job, exchange: Exchange, say: Any) -> Reading:
    """What the file says; kept for a while, since the stored file never changes."""
    key = f"import-reading:{check.pk}:{check.created_at.timestamp()}"
    if kept := cache.get(key):
        return cast(Reading, kept)
    try:
        with stored(check) as file:
            choice = Choice.of(check.params.get("reading", {}))
            reading = exchange.sheet.read(file, say, choice, check.params["options"].get("given"))
    except ValidationError as error:
        raise Refused(error.messages) from error
    except FileNotFoundError as error:
        raise Refused([_("Tệp đã tải lên không còn trên máy chủ. Hãy tải lên lại.")]) from error
    cache.set(key, reading, KEPT_SECONDS)
    return reading


def _planned(check: Job, exchange: Exchange, job: Job, *, locked: bool) -> Task:
    say = lambda done, total: progress(job, done, total)  # noqa: E731
    reading = _reading(check, exchange, say)
    task = Task(
        by=job.by,
        lines=reading.lines,
        options=check.params["options"],
        confirmed=frozenset(check.result.get("confirmed", ())),
        locked=locked,
        places=reading.places,
        sheets=reading.sheets,
        unread=reading.unread,
        aside=reading.aside,
        choices=reading.choices,
        say=say,
    )
    task.notes += reading.notes
    task.problems.found += reading.problems.found
    task.problems.count = reading.problems.count
    if not task.lines and not task.problems.count:
        raise Refused([_("Dưới dòng tiêu đề không có dòng nào.")])
    exchange.plan(task)
    return task


@handles(CHECK, readable=_may_read_check)
def check_file(job: Job) -> dict[str, Any]:
    """Read and judge the whole file; what is kept is what the page shows."""
    exchange = _opened_to(job, job.by)
    job.holds = job.by.staff_paths()  # the report may name people of all these units
    task = _planned(job, exchange, job, locked=False)
    problems = task.problems
    result: dict[str, Any] = {
        "url": reverse("exchange_import", args=[job.pk]),
        "rows": len(task.lines),
        "same": task.same,
        "sheets": task.sheets,
        "choices": task.choices,
        "notes": task.notes,
        "problem_count": problems.count,
        "problems": problems.sorted(),
    }
    if problems.count:
        count = problems.count
        words = ngettext(
            "Có %(count)s chỗ cần sửa. Chưa có gì thay đổi.", "Có %(count)s chỗ cần sửa. Chưa có gì thay đổi.", count
        )
        return result | {"words": words % {"count": grouped(count)}}
    like = [c for c in task.changes if c.like]
    if len(like) > MAX_LIKE:
        words = _("%(count)s dòng giống người đã có hoặc giống nhau. Hãy bổ sung năm sinh hoặc chia tệp nhỏ hơn.")
        raise Refused([words % {"count": grouped(len(like))}])
    result["digest"] = task.digest()
    result["like"] = [[c.row, c.label, c.like] for c in like]
    for action in (CREATE, CHANGE, CLOSE):
        done = task.deeds(action)
        result[action] = len(done)
        result[f"{action}_shown"] = [[c.row, c.label, _worded(exchange, c)] for c in done[:SHOWN]]
    return result | {"words": _("Tệp hợp lệ. Hãy xem trước rồi quyết định có nhập hay không.")}


def _worded(exchange: Exchange, change: Change) -> dict[str, Any]:
    left_out = exchange.named_by if change.action == CREATE else ()
    return exchange.sheet.worded({key: value for key, value in change.told.items() if key not in left_out})


@handles(APPLY, readable=_may_read_applied)
def apply_file(job: Job) -> dict[str, Any]:
    """Judge again and write, all or nothing. What was written before a worker died is not written twice."""
    with transaction.atomic():
        check = Job.objects.select_for_update(of=("self",)).get(pk=job.params["check"], by=job.by)
        if "applied" not in check.result:
            check.result["applied"] = _apply(check, job)
            check.save(update_fields=["result"])
    applied = check.result["applied"]
    words = _("Đã nhập xong: thêm %(create)s, sửa %(change)s, kết thúc %(close)s, giữ nguyên %(same)s.") % applied
    return {"words": f"{words} {applied['after']}".strip(), "url": reverse("exchange_import", args=[check.pk])}


def _apply(check: Job, job: Job) -> dict[str, Any]:
    exchange = _opened_to(check, job.by)
    task = _planned(check, exchange, job, locked=True)
    if task.problems.count or task.digest() != check.result.get("digest"):
        raise Refused([_("Dữ liệu của cổng đã thay đổi từ lúc kiểm tra tệp. Hãy kiểm tra lại rồi xem trước lần nữa.")])
    counts = {action: len(task.deeds(action)) for action in (CREATE, CHANGE, CLOSE)}
    try:
        # a savepoint of its own: what another wrote in the same moment is told in words, not as an error
        with transaction.atomic():
            _record_all(exchange, task, job, sum(counts.values()), _("Nhập từ tệp %s") % check.params["name"])
        still_asked(job)
    except IntegrityError as error:
        raise Refused([_("Có người vừa ghi cùng những mục này. Hãy kiểm tra lại tệp.")]) from error
    words = {CREATE: _("Thêm"), CHANGE: _("Sửa"), CLOSE: _("Không còn trong danh sách")}
    if changes := {words[action]: [None, count] for action, count in counts.items() if count}:
        record(check, "import", by=job.by, note=check.params["name"], changes=changes)
    left = len([c for c in task.changes if c.like]) - len([c for c in task.deeds(CREATE) if c.like])
    return counts | {"same": task.same, "left": left, "after": exchange.after(task)}


def _record_all(exchange: Exchange, task: Task, job: Job, total: int, note: str) -> None:
    """Write, and one line of the trail for each object, in portions; the progress follows them."""
    lines: list[Entry] = []
    for done, (subject, verb, told) in enumerate(exchange.apply(task), start=1):
        changes = exchange.sheet.worded(told)
        lines.append(Entry(subject=key_of(subject), verb=verb, by=job.by, changes=changes, note=note))
        if len(lines) == ENTRIES:
            Entry.objects.bulk_create(lines)
            lines = []
            progress(job, min(done, total), total)
    Entry.objects.bulk_create(lines)


@handles(EXPORT, readable=_may_read_export)
def export_file(job: Job) -> dict[str, Any]:
    """Write the list into the job's own file."""
    exchange = _opened_to(job, job.by)
    kind, options = job.params["format"], job.params["options"]
    job.holds = list(exchange.source(job.by, options).order_by().values_list("pk", flat=True))
    content, name, total = exported(exchange, kind, by=job.by, options=options, say=lambda d, t: progress(job, d, t))
    keep_output(job, name, ContentFile(content), rows=total, note=str(exchange.title))
    return {"words": _("Danh sách đã sẵn sàng để tải về.")}


def export_now(exchange: Exchange, kind: str, *, by: User) -> tuple[bytes, str]:
    """A short list as a file and its name; that it left the portal is in the trail."""
    content, name, total = exported(exchange, kind, by=by, options={})
    record(by, "export", by=by, note=str(exchange.title), changes={_("Số dòng"): [None, total]})
    return content, name


def exported(
    exchange: Exchange, kind: str, *, by: User, options: dict[str, Any], say: Any = None
) -> tuple[bytes, str, int]:
    """The list as a file, its name, and how many rows it has."""
    total = exchange.count(by, options)

    def counted() -> Iterable[dict[str, Any]]:
        for done, row in enumerate(exchange.rows(by, options), start=1):
            if say and not done % 1000:
                say(min(done, total), total)
            yield row

    head = Head(str(exchange.title), unit=seat(by))
    return exchange.sheet.export(counted(), kind, head), f"{exchange.key}-{today():%Y%m%d}.{kind}", total
