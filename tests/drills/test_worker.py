"""The worker dies in the middle of a job, its queue goes or holds rubbish, and all goes on by itself."""

import os
import shutil
import signal
import subprocess
import time

import pytest

from tests.drills.stack import ROOT, answers, eventually

BOTH = [("sqlite", "filesystem"), ("postgresql", "redis")]
LINES = 900
AT_MOST = 20  # times that a job is begun until the worker is killed within it


def upload(stack, name="people", lines=LINES):
    """Hand in a list as a person does; the address of the job."""
    people = "".join(f"D{n};Người {n};1980;T46.25\r\n" for n in range(lines))
    content = f"Số hiệu cán bộ;Họ và tên;Năm sinh;Mã đơn vị\r\n{people}".encode()
    admin = stack.visitor("admin")
    page = admin.get(f"/data/{name}/import/").text
    once = page.split('name="once" value="')[1].split('"')[0]
    answer = admin.post(f"/data/{name}/import/", {"once": once}, {"file": ("danh-sach.csv", content)})
    assert answer.status == 302, answer.text[-2000:]
    return answer.headers["Location"]


def state(stack):
    return stack.rows("SELECT state, attempts FROM portal_job ORDER BY id DESC LIMIT 1")[0]


@pytest.mark.slow
@pytest.mark.parametrize(("engine", "broker"), BOTH)
def test_a_job_whose_worker_was_killed_is_taken_up_within_ten_minutes_and_done_once(portal, engine, broker):
    stack = portal(engine, broker).start()
    eventually(lambda: "worker" in {name for (name,) in stack.rows("SELECT name FROM portal_heartbeat")}, 60)
    for _each in range(AT_MOST):
        upload(stack, lines=5 * LINES)
        eventually(lambda: state(stack)[0] != "queued", 60, pause=0.01)
        stack.kill("worker")
        killed = time.monotonic()
        if state(stack)[0] == "running":
            break
        stack.start("worker")  # it was quicker
    assert state(stack) == ("running", 1)
    stack.start("worker")
    eventually(lambda: state(stack)[0] == "done", 240)
    assert time.monotonic() - killed < 600 and state(stack) == ("done", 2)
    stack.sound()


@pytest.mark.slow
def test_the_queue_folder_may_go_while_people_upload(portal):
    stack = portal().start()
    eventually(lambda: "worker" in {name for (name,) in stack.rows("SELECT name FROM portal_heartbeat")}, 60)
    for _again in range(2):
        shutil.rmtree(stack.data / "queue", ignore_errors=True)
        shutil.rmtree(stack.data / "queue-control", ignore_errors=True)
        upload(stack)
    eventually(lambda: stack.rows("SELECT count(*) FROM portal_job WHERE state <> 'done'") == [(0,)], 180)
    stack.sound()


def test_rubbish_in_the_queue_is_set_aside_and_told(portal):
    stack = portal().start()
    queue = stack.data / "queue"
    eventually(queue.is_dir, 60)
    (queue / "0_a.celery.msg").write_bytes(b"")
    (queue / "0_b.celery.msg").write_bytes(b'{"body": "W1td')
    (queue / "0_c.celery.msg").mkdir()
    (queue / "note.txt").write_text("x")
    upload(stack)
    eventually(lambda: state(stack)[0] == "done", 180)
    eventually(lambda: len(list((stack.data / "queue-broken").iterdir())) == 4)
    assert stack.processes["worker"].poll() is None
    page = stack.visitor("admin").get("/status/").text
    assert "4 tin: " in page
    stack.sound()


def children(pid):
    told = subprocess.run(["ps", "-ww", "--ppid", str(pid), "-o", "pid=,args="], capture_output=True, text=True).stdout
    return {
        name: int(line.split()[0])
        for line in told.splitlines()
        for name in ("gunicorn", "worker", "beat")
        if f" {name} " in line or f"/{name} " in line
    }


def test_under_supervision_one_dies_alone_and_comes_back_and_all_end_together(portal):
    stack = portal()
    log = (stack.folder / "all.log").open("w")
    supervised = ["supervisord", "-c", "deploy/supervisord.conf", "-j", str(stack.data / "supervisord.pid")]
    if os.getuid() == 0:
        supervised += ["-u", "root"]
    stack.processes["all"] = subprocess.Popen(
        supervised, cwd=ROOT, env=stack.env, stdout=log, stderr=log, start_new_session=True
    )
    log.close()
    pid = stack.processes["all"].pid
    serves = lambda: answers(lambda: stack.visitor().get("/health/").status == 200)  # noqa: E731
    eventually(serves, 60)
    before = eventually(lambda: found if len(found := children(pid)) == 3 else None)
    for name in ("worker", "beat", "gunicorn"):
        os.kill(before[name], signal.SIGKILL)
        if name != "gunicorn":
            assert serves()
        eventually(lambda name=name: children(pid).get(name) not in (None, before[name]), 60)
    eventually(serves, 60)
    os.kill(pid, signal.SIGTERM)
    stack.processes["all"].wait(40)
    assert not children(pid) and not answers(serves)
    assert "Traceback" not in (stack.folder / "all.log").read_text()
