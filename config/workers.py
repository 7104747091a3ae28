"""The web server's worker: gunicorn's threads, which take a request only when it has come whole.

A thread that waits for somebody's next byte serves nobody, and a few hundred half-sent requests would hold them all.
"""

import io
import re
import selectors
import socket
import struct
import time
from contextlib import suppress
from functools import partial

from gunicorn.http import get_parser
from gunicorn.workers.gthread import TConn, ThreadWorker

MAX_HEAD = 64 * 1024  # gunicorn's own limits are below it
MAX_KEPT = 128 * 1024 * 1024  # of all requests on their way to this worker
SILENT = 20  # seconds without a byte
GRACE, SLOWEST = 30, 2048  # a request has so many seconds to come, and one more for so many bytes
STUCK = struct.pack("ll", 20, 0)  # seconds until a thread gives up a reader that takes nothing
CHUNK = 64 * 1024

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_EXPECT = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)


class TooMuch(Exception):
    """The request gets this status line and no more."""


class Arrived:
    """A socket that gives first what has been read from it already."""

    def __init__(self, sock):
        self.sock, self.kept = sock, io.BytesIO()

    def recv(self, size):
        return self.kept.read(size) or self.sock.recv(size)

    def __getattr__(self, name):
        return getattr(self.sock, name)


class Arrival:
    """What has come of one request."""

    def __init__(self):
        self.began = self.last = time.monotonic()
        self.kept = bytearray()
        self.needed = None  # bytes; known when its head is whole

    def take(self, data):
        """Keep the bytes; returns what is to be answered to them at once."""
        self.kept += data
        self.last = time.monotonic()
        if self.needed is not None:
            return b""
        end = self.kept.find(b"\r\n\r\n", 0, MAX_HEAD)
        if end < 0:
            if len(self.kept) > MAX_HEAD:
                raise TooMuch("431 Request Header Fields Too Large")
            return b""
        head = bytes(self.kept[:end])
        if _CHUNKED.search(head):
            raise TooMuch("411 Length Required")  # Django reads no body without one
        length = _LENGTH.search(head)
        self.needed = end + 4 + int(length[1] if length else 0)
        if self.needed > MAX_KEPT:
            raise TooMuch("413 Content Too Large")
        return b"HTTP/1.1 100 Continue\r\n\r\n" if _EXPECT.search(head) and not self.whole else b""

    @property
    def whole(self):
        return self.needed is not None and len(self.kept) >= self.needed

    def late(self, now):
        return now - self.last > SILENT or now - self.began > GRACE + len(self.kept) / SLOWEST


class PatientWorker(ThreadWorker):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.arriving = {}  # by connection
        self.kept = 0  # bytes of all of them

    def accept(self, listener):
        try:
            client, address = listener.accept()
        except OSError:  # another worker was quicker, or the visitor is gone
            return
        self.nr_conns += 1
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, STUCK)
        conn = TConn(self.cfg, client, address, listener.getsockname())
        conn.source = Arrived(client)
        conn.parser = get_parser(self.cfg, conn.source, address)
        self.begin(conn)

    def on_client_socket_readable(self, conn, client):
        """The next request on a connection that was kept is waited for like the first."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self.begin(conn)

    def begin(self, conn):
        conn.sock.setblocking(False)
        self.arriving[conn] = Arrival()
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.read, conn))
        self.read(conn)

    def read(self, conn, _sock=None):
        arrival = self.arriving[conn]
        try:
            data = conn.sock.recv(CHUNK)
            if not data:
                return self.drop(conn)
            if self.kept + len(data) > MAX_KEPT:
                raise TooMuch("503 Service Unavailable")
            self.kept += len(data)
            if said := arrival.take(data):
                conn.sock.send(said)
        except BlockingIOError:
            return None
        except TooMuch as refusal:
            with suppress(OSError):
                conn.sock.send(f"HTTP/1.1 {refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode())
            return self.drop(conn)
        except OSError:  # the visitor is gone
            return self.drop(conn)
        if arrival.whole:
            self.leave(conn)
            conn.source.kept, conn.data_ready = io.BytesIO(arrival.kept), True
            self.enqueue_req(conn)
        return None

    def leave(self, conn):
        self.poller.unregister(conn.sock)
        self.kept -= len(self.arriving.pop(conn).kept)

    def drop(self, conn):
        self.leave(conn)
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self):
        super().murder_pending()
        now = time.monotonic()
        for conn in [conn for conn, arrival in self.arriving.items() if arrival.late(now) or not self.alive]:
            self.drop(conn)

    def _keepalive_after(self, conn, keepalive):
        """What was sent behind the request, before its answer, may be half of the next: the connection ends."""
        kept = super()._keepalive_after(conn, keepalive)
        return kept and not conn.parser.unreader.buf.getvalue() and not conn.source.kept.read(1)
