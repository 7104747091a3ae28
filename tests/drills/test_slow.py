"""Two hundred connections that dribble: the others are served, with and without the proxy."""

import contextlib
import os
import shutil
import socket
import threading
import time

import pytest

from tests.drills.stack import ROOT, Visitor, answers, eventually, free_port

SLOW = 200
HEADS = {"head": b"", "body": b"Content-Length: 5000\r\n\r\na="}


@contextlib.contextmanager
def dribbling(port, kind):
    """So many requests that never come whole, with another byte every second."""
    sockets, stop = [], threading.Event()
    for _ in range(SLOW):
        with contextlib.suppress(OSError):
            one = socket.create_connection(("127.0.0.1", port), timeout=5)
            one.sendall(b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n" + HEADS[kind])
            sockets.append(one)

    def dribble():
        while not stop.wait(1):
            for one in sockets:
                with contextlib.suppress(OSError):
                    one.send(b"X: y\r\n" if kind == "head" else b"x")

    thread = threading.Thread(target=dribble)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        for one in sockets:
            one.close()


def proxied(stack):
    """The proxy of `deploy/`, on ports and files of the drill, without TLS."""
    if not shutil.which("nginx"):
        pytest.skip("NOT TESTED: the proxy (nginx is not installed on this machine)")
    conf = (ROOT / "deploy" / "nginx.conf").read_text()
    port = free_port()
    head, plain, tls = conf.partition("server {\n    listen 80;")
    tls = tls.partition("server {\n    listen 443 ssl;")[2]
    dropped = ("ssl_", "http2 on")
    tls = "\n".join(line for line in tls.splitlines() if not line.strip().startswith(dropped))
    conf = f"{head}server {{\n    listen 127.0.0.1:{port};{tls}"
    conf = conf.replace("127.0.0.1:8000", f"127.0.0.1:{stack.port}").replace("/var/lib/thi-dua", str(stack.data))
    conf = conf.replace("/var/log/nginx", str(stack.folder)).replace("portal.example", "127.0.0.1")
    conf = conf.replace("limit_conn visitor 60", "limit_conn visitor 1000")  # all visitors of the drill are one machine
    file = stack.folder / "nginx.conf"
    temporary = "".join(
        f"{name}_temp_path {stack.folder}/nginx-{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.getuid() == 0 else ""  # or it may not read the drill's folder
    file.write_text(f"{user}daemon off;\npid {stack.folder}/nginx.pid;\nevents {{}}\nhttp {{\n{temporary}{conf}\n}}\n")
    stack.begin("nginx", ["nginx", "-p", str(stack.folder), "-c", str(file), "-e", str(stack.folder / "nginx.err")])
    eventually(lambda: answers(lambda: Visitor(port, 5).get("/accounts/login/").status == 200))
    return port


@pytest.mark.parametrize("kind", sorted(HEADS))
@pytest.mark.parametrize("proxy", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_half_sent_requests_hold_nobody_up(portal, proxy, kind):
    stack = portal().start("web")
    port = proxied(stack) if proxy else stack.port
    Visitor(port, 20).get("/accounts/login/")

    with dribbling(port, kind):
        time.sleep(2)
        asked = [answers(lambda: Visitor(port, 10).get("/accounts/login/").status) for _ in range(40)]

    assert asked.count(200) >= 39, asked
    secret = "/calendar/9yVb3xxGkQ2mmAaZ01pLk8.ics"
    Visitor(port).get(secret)
    for log in ("portal.log", "portal-error.log", "web.log"):
        assert "9yVb3xxGkQ2mmAaZ01pLk8" not in stack.log(log.removesuffix(".log"))
    stack.sound()
