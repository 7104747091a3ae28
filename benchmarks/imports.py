"""How long an import and an export take, against openpyxl and bulk_create alone on the same machine.

    python benchmarks/imports.py [ROWS]

Works on an empty database of its own in a temporary folder. Prints seconds, the ratio to the floor and the peak memory
of each part, which runs in a process of its own.
"""

import json
import multiprocessing
import os
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô")
MIDDLE = ("Văn", "Thị", "Đức", "Minh", "Ngọc", "Thanh", "Quang", "Thu", "Hữu", "Xuân", "Kim", "Gia", "Bảo", "Anh")
GIVEN = (
    "An",
    "Bình",
    "Châu",
    "Dũng",
    "Giang",
    "Hà",
    "Hải",
    "Hương",
    "Khánh",
    "Lan",
    "Lý",
    "Mai",
    "Nam",
    "Oanh",
    "Phúc",
)
UNITS = 400


def people(count):
    """Rows of the people list, every name its own."""
    for i in range(count):
        name = f"{FAMILY[i % 14]} {MIDDLE[i // 14 % 14]} {MIDDLE[i // 196 % 14]} {GIVEN[i // 2744 % 15]}"
        yield [
            f"CB{i:06d}", name, 1965 + i // 41160 + i % 40, ("Nam", "Nữ")[i % 2], "Kiểm sát viên sơ cấp",
            f"{i % 28 + 1:02d}/{i % 12 + 1:02d}/2024", f"KV{i % UNITS}", None, "Chuyên viên", "Không", "01/07/2025",
        ]  # fmt: skip


def setup():
    import django
    from django.conf import settings

    settings.CELERY_TASK_ALWAYS_EAGER = False
    django.setup()


def fill(count):
    from django.core.management import call_command
    from openpyxl import Workbook

    setup()
    call_command("migrate", verbosity=0)
    from units.models import Membership, Role, Unit, User
    from units.people.rows import SHEET

    root = Unit.objects.create(code="G", name_vi="Gốc", short_name="Gốc", kind="supreme")
    for i in range(UNITS):
        Unit.objects.create(
            code=f"KV{i}", parent=root, name_vi=f"VKSND khu vực {i}", short_name=f"KV{i}", kind="region"
        )
    admin = User.objects.create(username="admin")
    Membership.objects.create(user=admin, unit=root, role=Role.ADMIN)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Cán bộ")
    sheet.append([str(column.heading) for column in SHEET.columns])
    for row in people(count):
        sheet.append(row)
    book.save(FOLDER / "people.xlsx")


def floor_import(count):
    """What every import must do: read the sheet, write the people."""
    import openpyxl

    setup()
    from django.db import transaction

    from units.models import Person

    with transaction.atomic():
        book = openpyxl.load_workbook(FOLDER / "people.xlsx", read_only=True)
        rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
        Person.objects.bulk_create([Person(staff_code=r[0], full_name=r[1], birth_year=r[2], rank=r[4]) for r in rows])
        transaction.set_rollback(True)


def check(count):
    _run("import_check")


def apply(count):
    _run("import_apply")


def again(count):
    _run("import_check")
    _run("import_apply")


def _run(kind):
    """One phase as a worker does it; starting it is the answer to the person's click."""
    setup()
    from django.core.files.base import File

    from portal.exchange import work
    from portal.exchange.base import exchanges
    from portal.jobs import services as jobs
    from portal.models import Job
    from units.models import User

    jobs.run_job.delay = lambda pk: None
    admin = User.objects.get(username="admin")
    if kind == "import_check":
        with (FOLDER / "people.xlsx").open("rb") as file:
            once = str(time.time())
            job = work.start_check(
                exchanges()["people"], File(file, name="people.xlsx"), by=admin, options={}, once=once
            )
    else:
        job = work.start_apply(Job.objects.filter(kind="import_check").first(), by=admin)
    jobs.run_job(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.result  # noqa: S101
    print("   ", job.result["words"])


def floor_export(count):
    """What every export must do: write the cells."""
    setup()
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Cán bộ")
    for row in people(count):
        sheet.append(row)
    book.save(FOLDER / "floor.xlsx")


def export(count):
    setup()
    from portal.exchange import work
    from portal.exchange.base import exchanges
    from units.models import User

    admin = User.objects.get(username="admin")
    content, _name, _rows = work.exported(exchanges()["people"], "xlsx", by=admin, options={})
    (FOLDER / "out.xlsx").write_bytes(content)


def idle(count):
    setup()
    import openpyxl  # noqa: F401 -- what a worker holds before it begins

    import portal.exchange.work  # noqa: F401


def _child(step, count, pipe):
    start = time.process_time()  # of the processor: other work on the machine does not count
    step(count)
    pipe.send((time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def measured(step, count):
    """Seconds and peak megabytes of a step, in a fresh process."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_child, args=(step, count, there))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(process.exitcode)
    return here.recv()


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    measured(fill, count)
    _seconds, base = measured(idle, count)
    print(f"a worker that does nothing holds {base:.0f} MB")
    told = {}
    for step in (floor_import, check, apply, again, floor_export, export):
        seconds, peak = measured(step, count)
        told[step.__name__] = seconds
        print(
            json.dumps(
                {"step": step.__name__, "rows": count, "s": round(seconds, 2), "mb_above_idle": round(peak - base)}
            )
        )
    print(f"import (check + apply) / floor: {(told['check'] + told['apply']) / told['floor_import']:.2f}  (goal 2.5)")
    print(f"export / floor: {told['export'] / told['floor_export']:.2f}  (goal 2)")
    shutil.rmtree(FOLDER)


FOLDER = Path(os.environ.get("BENCH_FOLDER") or tempfile.mkdtemp(prefix="imports-"))  # the same in every process
os.environ["BENCH_FOLDER"] = os.environ["DATA_DIR"] = str(FOLDER)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

if __name__ == "__main__":
    main()
