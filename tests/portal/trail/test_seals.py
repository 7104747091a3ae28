# ruff: noqa: S608 -- the statements are those of somebody who owns the database
"""The trail is sealed into a chain: whatever is done to it behind the portal's back is found, to the thousand."""

import threading
import tracemalloc
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from portal.models import Entry, Notice, Seal
from portal.models.trail import line, record
from portal.tasks import seal as nightly
from portal.trail import seals

pytestmark = pytest.mark.django_db
TABLES = ("portal_entry", "portal_seal")


@pytest.fixture
def sealed(world):
    """Two seals over five lines."""
    for number in range(3):
        record(world.hue, "edit", by=world.office, changes={"Tên": ["Huế", number]}, note="Sửa «tên»")
    seals.seal()
    for _twice in range(2):
        record(world.vinh, "edit", by=None)
    seals.seal()
    return Entry.objects.order_by("pk")


def verify(**options):
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_trail", stdout=out, stderr=err, **options)
    except SystemExit as end:
        return end.code, err.getvalue()
    return 0, out.getvalue()


def behind(*statements):
    """What an owner of the database can do: triggers off, then on again."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            off = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in TABLES]
            on = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in TABLES]
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'portal_%%'")
            found = [row for row in cursor.fetchall() if "append-only" in row[1]]
            off, on = [f"DROP TRIGGER {name}" for name, _sql in found], [sql for _name, sql in found]
        for statement in (*off, *statements, *on):
            cursor.execute(statement)


def test_a_trail_that_nobody_touched_is_proved_and_its_head_told(sealed):
    code, said = verify()
    head = Seal.objects.latest("number")
    assert code == 0 and head.digest in said and "as it was sealed" in said
    assert (head.number, head.count, head.previous) == (2, 2, Seal.objects.get(number=1).digest)
    assert verify(head=Seal.objects.get(number=1).digest)[0] == 0
    assert verify(head="0" * 64)[0] == 1


@pytest.mark.parametrize("column", ["note", "verb", "subject", "source", "target"])
def test_a_changed_line_is_found(sealed, column):
    behind(f"UPDATE portal_entry SET {column} = 'x' WHERE id = {sealed[1].pk}")
    code, said = verify()
    assert code == 1 and "changed" in said and "seal 1" in said and "seal 2" not in said


def test_a_changed_moment_person_or_value_is_found(world, sealed):
    for change in ("at = '2020-01-01 00:00:00'", f"by_id = {world.admin.pk}", "changes = '{}'"):
        with transaction.atomic():
            behind(f"UPDATE portal_entry SET {change} WHERE id = {sealed[1].pk}")
            assert verify()[0] == 1, change
            transaction.set_rollback(True)


def test_a_missing_and_an_added_line_are_found(sealed):
    pk = sealed[1].pk
    behind(f"DELETE FROM portal_entry WHERE id = {pk}")
    assert "1 of the lines" in verify()[1]
    behind(f"DELETE FROM portal_entry WHERE id = {sealed.first().pk}")
    assert "2 of the lines" in verify()[1]
    seals.seal()
    assert verify()[0] == 1  # what was sealed stays found


def test_a_line_put_among_sealed_ones_is_found(world, sealed):
    first = Seal.objects.get(number=1)
    made = line(world.hue, "edit")
    made.pk = first.first - 1 if not Entry.objects.filter(pk=first.first - 1).exists() else None
    made.save(force_insert=True)
    if made.pk > first.last:
        pytest.skip("no free number")
    code, said = verify()
    assert code == 1 and "added" in said


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE portal_seal SET count = 9 WHERE number = 1", "Seal 1 was changed"),
        ("UPDATE portal_seal SET digest = '0' WHERE number = 1", "Seal 1 was changed"),
        ("DELETE FROM portal_seal WHERE number = 1", "Seal 1 is missing"),
    ],
)
def test_a_broken_seal_is_found(sealed, statement, words):
    behind(statement)
    code, said = verify()
    assert code == 1 and words in said


def test_a_chain_made_anew_is_found_by_the_letter(sealed):
    kept = Seal.objects.latest("number").digest
    behind("DELETE FROM portal_seal", f"DELETE FROM portal_entry WHERE id = {sealed.last().pk}")
    seals.seal()
    assert verify()[0] == 0
    assert verify(head=kept)[0] == 1


def test_the_head_leaves_by_letter_to_the_auditors_of_the_root_alone(world, sealed):
    told = Notice.objects.filter(kind="seal")
    assert set(told.values_list("recipient", flat=True)) == {world.auditor.pk}
    assert Seal.objects.latest("number").digest in told.order_by("-pk")[0].body
    assert set(told.values_list("mail_state", flat=True)) == {"pending"}


def test_the_trail_is_sealed_once_a_day_however_often_the_beat_asks(world):
    record(world.hue, "edit", by=world.office)
    nightly()
    record(world.hue, "edit", by=world.office)
    nightly()
    assert Seal.objects.count() == 1
    seals.seal_today(timezone.now() + timedelta(days=1))
    seals.seal_today(timezone.now() + timedelta(days=2))  # nothing new
    assert Seal.objects.count() == 2


def test_a_long_trail_is_sealed_in_parts_within_the_same_day(world, monkeypatch):
    for _each in range(25):
        record(world.hue, "edit")
    last = Entry.objects.order_by("-pk")[0].pk  # other tests used up the numbers before these
    monkeypatch.setattr(seals, "MOST", -(-last // 3))
    for _hour in range(5):
        nightly()
    sealed = [(made.last - made.first + 1 <= seals.MOST, made.last) for made in Seal.objects.order_by("number")]
    assert [whole for whole, _last in sealed] == [True] * 3 and sealed[-1][1] == last
    assert list(seals.problems()) == []


def test_lines_read_the_same_on_every_engine():
    """Fixed bytes: a copy that moved to the other engine proves itself by the same digest."""
    at = datetime(2026, 11, 27, 17, 30, 0, 5, tzinfo=UTC)
    said = seals.canonical((7, at, None, "units.unit:1", "edit", "", "", {"b": [1, 1.5, None], "a": "Huế"}, "«»"))
    expected = (
        '[7,"2026-11-27T17:30:00.000005+00:00",null,"units.unit:1","edit","","",{"a":"Huế","b":[1,1.5,null]},"«»"]'
    )
    assert said.decode() == expected


def test_the_same_line_has_the_same_digest_wherever_it_is_kept(world):
    """This runs on both engines, with one digest for both."""
    made = line(world.hue, "edit", changes={"Số": [1, 2.5, None, True], "A": {"z": 1, "b": "ế"}}, note='a\n"b"\\')
    made.save()
    plain = "id = 5000, subject = 's', request = NULL, at = '2026-11-27 17:30:00.000005'"
    behind(f"UPDATE portal_entry SET {plain} WHERE id = {made.pk}")
    if connection.vendor == "postgresql":
        behind("UPDATE portal_entry SET at = '2026-11-27 17:30:00.000005+00' WHERE id = 5000")
    ((_last, _count, digest),) = seals._blocks(seals._lines(5000, 5000))
    assert digest == "056929a8f7e18f80db1340b705da232dbc1dba7e5883bd94cdedb3557dbd1c4a"


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}", "REPLACE"])
def test_the_database_itself_refuses_every_way_to_change_the_trail(sealed, table, statement):
    key = {"portal_entry": "id", "portal_seal": "number"}[table]
    if statement == "TRUNCATE {}" and connection.vendor == "sqlite":
        pytest.skip("SQLite has no TRUNCATE; DELETE without WHERE stands for it")
    if statement == "REPLACE":
        columns = "at, first, last, count, blocks, previous, digest, number"
        if table == "portal_entry":
            columns = "at, by_id, subject, verb, source, target, changes, note, request, id"
        if connection.vendor == "sqlite":
            sql = f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}"
        else:
            sql = f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table}"
            sql += f" ON CONFLICT ({key}) DO UPDATE SET at = now()"
    else:
        sql = statement.format(table, key, key)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or what waits is told first
    for words in {sql, sql.replace("TRUNCATE units", "TRUNCATE TABLE ONLY units")}:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(words)
    assert (Entry.objects.count(), Seal.objects.count()) == (len(sealed), 2)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets write one at a time")
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("emptied_trail")
def test_a_line_that_is_still_being_written_is_waited_for(world):
    """Its number is lower than that of a line which was committed before it."""
    late, wrote, may_commit = [], threading.Event(), threading.Event()

    def writes_long():
        try:
            with transaction.atomic():
                late.append(record(world.hue, "edit"))
                wrote.set()
                may_commit.wait(20)
        finally:
            connection.close()

    writer = threading.Thread(target=writes_long)
    writer.start()
    wrote.wait(20)
    quick = record(world.vinh, "edit")
    threading.Timer(1, may_commit.set).start()
    seals.seal()
    writer.join()

    assert late[0].pk < quick.pk == Seal.objects.get().last
    assert Seal.objects.get().count == Entry.objects.filter(pk__lte=quick.pk).count()
    assert list(seals.problems()) == []


def test_many_lines_are_sealed_and_proved_in_little_memory(world):
    for _part in range(4):
        Entry.objects.bulk_create([line(world.hue, "edit", note="x" * 200) for _each in range(5000)])
    tracemalloc.start()
    seals.seal()
    assert list(seals.problems()) == []
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12 * 1024 * 1024
    assert len(Seal.objects.get().blocks) == 20
