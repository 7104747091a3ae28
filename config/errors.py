"""Pages of refusals and faults: each quotes the number of the request, and none of a fault needs the database."""

import logging
import re
import sys
from traceback import walk_tb

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.forms import BaseForm, BaseFormSet
from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template import loader
from django.urls import resolve
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import faults, tracing
from portal.operations import alarms
from portal.web.middleware import UNECHOED, language_of

STATUS = {None: 500, faults.FULL: 507, faults.AWAY: 503, faults.BUSY: 503}
TITLES = {
    500: gettext_lazy("Lỗi hệ thống"),
    503: gettext_lazy("Cổng đang bận"),
    507: gettext_lazy("Máy chủ hết chỗ ghi"),
}
WORDS = {
    400: gettext_lazy("Trình duyệt đã gửi điều mà cổng không hiểu. Chưa có gì được lưu; hãy quay lại và thử lần nữa."),
    405: gettext_lazy(
        "Việc này chỉ thực hiện bằng nút trên trang. Chưa có gì thay đổi; hãy quay lại trang trước rồi thử lại."
    ),
    413: gettext_lazy(
        "Nội dung gửi lên vượt mức cổng nhận trong một lần. Chưa có gì thay đổi; hãy quay lại, chia nhỏ rồi gửi lại."
    ),
    500: gettext_lazy("Cổng gặp lỗi ngoài dự kiến; lỗi đã được ghi lại. Hãy thử lại sau ít phút."),
    503: gettext_lazy("Cơ sở dữ liệu đang bận hoặc đang khởi động lại. Hãy thử lại sau ít giây."),
    507: gettext_lazy("Máy chủ không ghi được nên việc vừa gửi không hoàn thành. Các trang vẫn xem được."),
}
RETRY_AFTER = {503: "5", 507: "60"}  # seconds
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
SECRET = re.compile("pass|secret|token", re.IGNORECASE)
ACCOUNTS = "/accounts/"
WRITTEN = re.compile(r"\w\s+\w|.{40}")  # words, not a number or a choice

logger = logging.getLogger(__name__)


def bad_request(request, exception):
    """400, or 413 for too much at once; a session that could not be written is a fault, not a bad request."""
    if faults.kind_of(exception):
        return _fault(request, exception)
    status = 413 if isinstance(exception, TOO_MUCH) else 400
    return _in_json(request, status) if _wants_json(request) else _page(request, status)


def server_error(request):
    return _fault(request, sys.exc_info()[1])


def csrf_failure(request, reason=""):
    """The form came from an older session; what was typed is shown once more."""
    with translation.override(language_of(request)):
        page = loader.get_template("403_csrf.html").render({"sent": _sent(request, None)}, request)
    return HttpResponse(page, status=403)


class NotAllowed:
    """A page instead of an empty answer, where an address was asked in a way that it does not answer to."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 405 and not response.streaming and not response.content and request.method != "HEAD":
            page = _page(request, 405)
            response.content = page.content
            response.headers["Content-Type"] = page.headers["Content-Type"]
        return response


def _page(request, status):
    """A page that asks nothing of the database, in the reader's language."""
    context = {"words": WORDS[status], "csrf_token": get_token(request)}
    with translation.override(language_of(request)):
        return HttpResponse(loader.get_template(f"{status}.html").render(context), status=status)


def _in_json(request, status):
    """The same for a script that saves what is being typed."""
    with translation.override(language_of(request)):
        return JsonResponse({"errors": [str(WORDS[status])], "number": tracing.current()}, status=status)


def _fault(request, error):
    """500, 503 or 507 with what was typed; what the request meant to tell of its success is not told."""
    kind = faults.kind_of(error)
    status = STATUS[kind]
    if storage := getattr(request, "_messages", None):
        storage._queued_messages.clear()
    if status == 500:
        alarms.tell(error, request.path, tracing.current())
    if _wants_json(request):
        response = _in_json(request, status)
    else:
        with translation.override(language_of(request)):
            response = HttpResponse(_drawn(request, status, error), status=status)
    if status in RETRY_AFTER:
        response.headers["Retry-After"] = RETRY_AFTER[status]
    response.headers["Cache-Control"] = "no-store"
    response.fault = kind
    return response


def _drawn(request, status, error):
    try:
        context = {"code": status, "title": TITLES[status], "words": WORDS[status], "csrf_token": get_token(request)}
        return loader.get_template("fault.html").render(context | {"sent": _sent(request, error)})
    except Exception:  # whatever was wrong with the page may be wrong with this one
        logger.exception("the page of the fault could not be made")
        return loader.get_template("500.html").render()


def _wants_json(request):
    asked = request.headers
    return asked.get("X-Requested-With") == "XMLHttpRequest" or asked.get("Accept", "").startswith("application/json")


def _sent(request, error):
    """What was typed, to be sent again or copied: the texts to be seen, and the rest of the form beside them.

    None where nothing was sent. Of the pages of accounts and of ballots nothing is shown: what one types there is
    secret.
    """
    if request.method != "POST" or request.path.startswith(ACCOUNTS) or _secret(request):
        return None
    try:
        fields, files = request.POST, request.FILES
    except Exception:  # a body that was cut off, or cannot be read
        return None
    labels, seen, hidden = _labels(error), [], []
    for name, values in fields.lists():
        if name == "csrfmiddlewaretoken" or SECRET.search(name):
            continue
        for value in values:
            if WRITTEN.search(value):
                label = labels.get(name) or _("Nội dung %s") % (len(seen) + 1)
                seen.append({"name": name, "label": label, "value": value, "rows": min(12, 2 + len(value) // 80)})
            else:
                hidden.append((name, value))
    names = [file.name for _name, several in files.lists() for file in several]
    files = names or ([_("tệp đã chọn")] if getattr(request, "no_room", None) else [])
    return {"path": request.get_full_path(), "seen": seen, "hidden": hidden, "files": files}


def _secret(request):
    """Whether the view is marked so; asked of the address, since the fault may have come before the view."""
    try:
        return hasattr(resolve(request.path_info).func, UNECHOED)
    except Http404:
        return False


def _labels(error):
    """How the view's own forms call their fields; they are found where the error passed through."""
    labels = {}
    for frame, _line in walk_tb(error.__traceback__ if error else None):
        for value in frame.f_locals.values():
            kind = type(value)  # isinstance() would wake the lazy account, which asks the database
            forms = vars(value).get("forms", []) if issubclass(kind, BaseFormSet) else [value]
            for form in forms:
                if issubclass(type(form), BaseForm):
                    labels |= {form.add_prefix(name): field.label for name, field in form.fields.items()}
    return labels
