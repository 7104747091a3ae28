"""Requests that cannot be read, or ask in a way nobody answers to, are refused in words before anything is done."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any

from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict, UnreadablePostError
from django.utils.http import parse_header_parameters

METHODS = ("GET", "HEAD", "POST")
MULTIPART = "multipart/form-data"
FORMS = (MULTIPART, "application/x-www-form-urlencoded")
UTF8 = ("utf-8", "utf8")
NUL = "\0"  # PostgreSQL keeps no text that holds one
LOST = "\ufffd"  # stands for bytes that are no letter
TAIL = 512  # bytes; the last line of a multipart body is shorter


class Request(WSGIRequest):
    """Django's, which a Content-Type of nonsense cannot keep from being made; `SoundRequests` then refuses it."""

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except (LookupError, ValueError):
            self.content_type, self.content_params = "", {"charset": "none that is known"}


class SoundRequests:
    """Stands before all views: none sees text with a zero byte, half a body or one that it would pass over in silence.

    A view that reads the body by itself says `reads_body`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if (request.content_params or {}).get("charset", "utf-8").lower() not in UTF8:
            raise BadRequest("the charset is not UTF-8")
        _refuse_nul([request.path_info, *_texts(request.GET)])
        if request.method == "POST":
            try:
                _read(request)
            except (UnreadablePostError, LookupError, ValueError) as error:  # bytes that the parsers did not foresee
                raise BadRequest("the body cannot be read") from error
        response = self.get_response(request)
        return _head_of(response) if request.method == "HEAD" else response

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], *_args: Any) -> None:
        if request.method == "POST" and request.content_type not in FORMS and not getattr(view, "reads_body", False):
            if _length(request):
                raise BadRequest("the body is no form")


class Parts:
    """A multipart body on its way to Django's parser, which takes one that was cut off for a whole one."""

    def __init__(self, source: Any, boundary: str):
        self.source, self.mark = source, b"--" + boundary.encode()
        self.marks, self.tail, self.said_lost = 0, b"", False

    def read(self, *size: int) -> bytes:
        return self._seen(self.source.read(*size))

    def readline(self, *size: int) -> bytes:
        return self._seen(self.source.readline(*size))

    def _seen(self, data: bytes) -> bytes:
        seen = self.tail + data
        self.marks += seen.count(self.mark) - self.tail.count(self.mark)
        self.said_lost = self.said_lost or LOST.encode() in seen
        self.tail = seen[-TAIL:]
        return data

    def whole(self, found: int) -> bool:
        """Whether it ends as it should, and all its parts were found to be fields and files."""
        return self.tail.rstrip().endswith(self.mark + b"--") and self.marks == found + 1


def _read(request: Any) -> None:
    """Let Django read the body, once and here; raises what is wrong with it."""
    parts = None
    if request.content_type == MULTIPART and _length(request):
        request._stream = parts = Parts(request._stream, request.content_params.get("boundary", ""))
    texts = list(_texts(request.POST))
    _refuse_nul([*texts, *request.FILES])
    if parts:
        found = sum(len(several) for _name, several in chain(request.POST.lists(), request.FILES.lists()))
        # files that find no room are not there: `RefuseHalfFiles` says so
        if not parts.whole(found) and not hasattr(request, "no_room"):
            raise ValueError("a part is missing")
    elif request.content_type in FORMS:
        request.body.decode()
    if any(LOST in text for text in texts):
        if not (parts.said_lost if parts else _says_lost(request.body)):
            raise ValueError("bytes that are no UTF-8")


def _says_lost(body: bytes) -> bool:
    return LOST.encode() in body or b"%EF%BF%BD" in body.upper()


def _head_of(response: Any) -> Any:
    """The answer without its body, as long as it says it is: the web server would drop one, and complain of it."""
    if response.streaming:
        response.streaming_content = ()
    else:
        response.headers.setdefault("Content-Length", str(len(response.content)))
        response.content = b""
    return response


def _length(request: HttpRequest) -> int:
    said = request.META.get("CONTENT_LENGTH") or "0"
    if not (said.isascii() and said.isdigit()):
        raise BadRequest("the length is no number")
    return int(said)


def _texts(data: QueryDict) -> chain[str]:
    return chain.from_iterable((name, *values) for name, values in data.lists())


def _refuse_nul(texts: Any) -> None:
    if any(NUL in text for text in texts):
        raise BadRequest("text with a zero byte")
