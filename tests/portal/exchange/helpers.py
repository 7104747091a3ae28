"""Lists as a person brings them: made, checked, applied."""

from uuid import uuid4

from portal.exchange import work
from portal.exchange.base import exchanges
from portal.jobs import services as jobs
from tests import make

PEOPLE = ["Số hiệu cán bộ", "Họ và tên", "Năm sinh", "Mã đơn vị", "Mã tập thể", "Chức vụ", "Là lãnh đạo"]
PEOPLE += ["Giữ vị trí từ ngày", "Giới tính", "Ngạch, chức danh", "Ngày vào ngành"]
ACCOUNTS = [
    "Tên đăng nhập",
    "Thư điện tử",
    "Số hiệu cán bộ",
    "Vai trò",
    "Mã đơn vị",
    "Từ ngày",
    "Đến hết ngày",
    "Văn bản",
]
UNITS = [
    "Mã đơn vị",
    "Tên tiếng Việt",
    "Loại đơn vị",
    "Mã đơn vị cấp trên",
    "Có từ ngày",
    "Đến hết ngày",
    "Tên gọi tắt",
]
HEADS = {"people": PEOPLE, "accounts": ACCOUNTS, "units": UNITS}


def check(key, *rows, by, file=None, **options):
    """Upload and check; the job as the page reads it."""
    file = file or make.csv(HEADS[key], *rows)
    job = work.start_check(exchanges()[key], file, by=by, options=options, once=str(uuid4()))
    return ran(job)


def ran(job):
    jobs.run_job(job.pk)
    job.refresh_from_db()
    return job


def apply(job, by, confirmed=()):
    job.result["confirmed"] = list(confirmed)
    job.save()
    return ran(work.start_apply(job, by=by))


def taken(key, *rows, by, **options):
    """Check and apply what must be without problems."""
    job = check(key, *rows, by=by, **options)
    assert job.result.get("problems") == [], job.result
    assert apply(job, by).state == "done"
    job.refresh_from_db()
    return job.result["applied"]


def problems(key, *rows, by, **options):
    return [
        (row, column, words) for row, column, _cell, words in check(key, *rows, by=by, **options).result["problems"]
    ]


def counts(job):
    return tuple(job.result[name] for name in ("create", "change", "close", "same"))
