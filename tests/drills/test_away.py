"""Redis, the database and the room on the disk go away while people read and write, and come back."""

import re
import signal
import threading
import time
from collections import Counter
from html import unescape

import pytest
import redis

from tests.drills.postgres import DatabaseRefused
from tests.drills.stack import answers, eventually, fill, form_of, told

PAGES = ("/", "/campaigns/", "/awards/nominations/", "/review/")


def submitted(stack):
    """The address of a submitted plan."""
    ((plan,),) = stack.rows("SELECT min(id) FROM campaigns_plan WHERE state = 'submitted'")
    return f"/plans/{plan}/"


def commenting(visitor, plan, words):
    """Write a comment on the plan; the answer, or that of the plan's page where it was not served."""
    page = visitor.get(plan)
    if page.status != 200:
        return page
    return visitor.post(f"{plan}comment/", form_of(page.text, f"{plan}comment/") | {"text": words})


def uploading(visitor):
    """Bring in a list of people that holds nothing but its heading; the answer."""
    sheet = visitor.get("/data/people/template/").body
    page = visitor.get("/data/people/import/").text
    once = re.search(r'name="once" value="([^"]+)"', page)[1]
    return visitor.post("/data/people/import/", {"once": once}, {"file": ("nguoi.xlsx", sheet)})


def quick(ask, seconds=2.0):
    began = time.monotonic()
    answer = ask()
    assert time.monotonic() - began < seconds, f"{time.monotonic() - began:.1f} s"
    return answer


@pytest.mark.slow
def test_redis_is_away_hangs_and_comes_back_empty(portal):
    stack = portal("postgresql", "redis").start()
    office, admin = stack.visitor("office"), stack.visitor("admin")
    for page in PAGES * 2:
        office.get(page)
    uploading(admin)

    stack.kill("redis")
    statuses = [quick(lambda page=page: office.get(page)).status for page in PAGES * 5]
    assert set(statuses) == {200}, statuses
    assert commenting(office, submitted(stack), "khi Redis vắng").status == 302
    assert quick(lambda: uploading(admin), 6).status == 302
    stack.visitor("auditor")
    guesser = stack.visitor()
    for _ in range(6):
        guesser.get("/accounts/login/")
        last = guesser.post("/accounts/login/", {"login": "council1", "password": "sai"})
    assert "quá nhiều lần" in unescape(last.text), told(last)
    stack.start_redis()
    eventually(lambda: stack.rows("SELECT 1 FROM portal_job WHERE state IN ('queued', 'running')") == [], 180)

    stack.processes["redis"].send_signal(signal.SIGSTOP)
    statuses = [quick(lambda page=page: office.get(page), 3).status for page in PAGES * 5]
    assert set(statuses) == {200}, statuses
    assert quick(lambda: uploading(admin), 6).status == 302
    stack.processes["redis"].send_signal(signal.SIGCONT)
    redis.Redis(port=stack.redis_port).flushall()
    assert [office.get(page).status for page in PAGES] == [200] * 4
    assert stack.log("web").count("does not answer and is passed over") <= 20
    stack.sound()


@pytest.mark.slow
def test_a_database_that_is_used_up_and_restarted_is_told_and_loses_nothing(portal):
    stack = portal("postgresql")
    stack.stop_database("fast")
    stack.start_database(max_connections="15")
    # more threads than connections
    stack.begin(
        "web", 'gunicorn config.wsgi --bind "$BIND" --workers 3 --threads 8 --log-level warning --no-control-socket'
    )
    eventually(lambda: answers(lambda: stack.visitor().get("/accounts/login/").status == 200))
    first, plan = stack.visitor("office"), submitted(stack)
    seen, confirmed, lock, stop = Counter(), [], threading.Lock(), threading.Event()

    def work(number):
        visitor = stack.visitor()
        visitor.cookies = dict(first.cookies)
        turn = 0
        while not stop.is_set():
            turn += 1
            words = f"góp ý {number:02}-{turn:03}"
            for page in PAGES:
                answer = answers(lambda page=page: visitor.get(page))
                with lock:
                    seen[answer.status if answer else "none"] += 1
                    if answer and answer.status == 503:
                        assert answer.headers["Retry-After"]
            answer = answers(lambda words=words: commenting(visitor, plan, words))
            with lock:
                seen[answer.status if answer else "none"] += 1
                if answer and answer.status == 302 and "login" not in answer.headers["Location"]:
                    confirmed.append(words)

    people = [threading.Thread(target=work, args=(number,)) for number in range(20)]
    for one in people:
        one.start()
    time.sleep(8)
    stack.stop_database()
    time.sleep(1)
    stack.start_database(max_connections="15")
    time.sleep(8)
    stop.set()
    for one in people:
        one.join(60)

    print(seen)
    assert set(seen) <= {200, 302, 503, "none"} and seen[200] and seen[503], seen
    eventually(lambda: first.get("/").status == 200)
    stack.stop("web")  # it holds every connection there is
    kept = [text for (text,) in stack.rows("SELECT text FROM campaigns_comment WHERE text LIKE 'góp ý %-%'")]
    assert confirmed and set(confirmed) <= set(kept) and len(kept) == len(set(kept))
    stack.sound()


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def test_on_a_full_disk_nothing_half_done_stays_and_what_was_typed_is_on_the_page(portal, small_disk, tmp_path, engine):
    disk = small_disk(150)
    refusals = {507} if engine == "sqlite" else {507, 503}  # a server without room may lose its connections too
    stack = portal(engine, folder=disk / "portal")
    if engine == "postgresql":
        stack.move_wal(tmp_path / "wal")  # without room for it the server ends: the next drill
    stack.start("web")
    office, admin, plan = stack.visitor("office"), stack.visitor("admin"), submitted(stack)
    assert [office.get(page).status for page in PAGES] == [200] * 4
    ((before,),) = stack.rows("SELECT count(*) FROM campaigns_comment")
    words = "Phần này cần ghi rõ ai làm và xong ngày nào. " * 20

    ballast = fill(disk)
    statuses = [office.get(page).status for page in PAGES * 3]
    assert set(statuses) == {200}, statuses
    kept = before
    while (answer := commenting(office, plan, words)).status == 302 and kept < before + 400:
        kept += 1  # what room the engine had put by
    assert answer.status in refusals, (answer.status, told(answer))
    assert words.strip() in unescape(answer.text) and answer.headers["X-Request-ID"] in answer.text
    answer = uploading(admin)
    assert answer.status in refusals, (answer.status, told(answer))
    assert "Đã ghi góp ý" not in office.get("/").text
    assert stack.rows("SELECT count(*) FROM campaigns_comment") == [(kept,)]
    assert stack.rows("SELECT count(*) FROM portal_job WHERE kind = 'import_check'") == [(0,)]

    ballast.unlink()
    assert commenting(office, plan, words).status == 302
    assert uploading(admin).status == 302
    assert stack.rows("SELECT count(*) FROM campaigns_comment") == [(kept + 1,)]
    stack.sound()


@pytest.mark.slow
def test_postgresql_that_ends_for_want_of_room_is_told_and_comes_back_whole(portal, small_disk):
    disk = small_disk(150)
    stack = portal("postgresql", folder=disk / "portal").start("web")
    office, plan = stack.visitor("office"), submitted(stack)
    seen, sent, confirmed = Counter(), [], []

    def comment():
        words = f"góp ý {len(sent):03}"
        sent.append(words)
        answer = answers(lambda: commenting(office, plan, words))
        if answer and answer.status == 302:
            confirmed.append(words)
        return answer.status if answer else "none"

    assert comment() == 302
    ballast = fill(disk)
    end = time.monotonic() + 60
    while not set(seen) & {503, 507} and time.monotonic() < end:
        answers(lambda: stack.rows("SELECT pg_switch_wal()"))  # the next one needs a new file of 16 MB
        seen[comment()] += 1
    for page in PAGES * 2:
        seen[office.get(page).status] += 1
    print(seen, "runs" if stack.database_runs() else "ended")
    assert set(seen) & {503, 507} and set(seen) <= {200, 302, 503, 507}, seen

    def comes_back():
        if not stack.database_runs():
            try:
                stack.start_database()
            except DatabaseRefused as refusal:  # its last process may be ending still
                print(refusal)
                return False
        return office.get("/").status == 200

    ballast.unlink()
    eventually(comes_back)
    assert comment() == 302
    kept = [text for (text,) in stack.rows("SELECT text FROM campaigns_comment WHERE text LIKE 'góp ý %'")]
    assert len(kept) == len(set(kept)) and set(confirmed) <= set(kept) <= set(sent)
    stack.sound()
