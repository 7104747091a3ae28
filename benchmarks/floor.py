"""The floor: a bare Django page behind sign-in that shows 25 rows of a large table by one indexed query.

Django's own middleware, sessions, accounts and templates, in the process and on the rows of the portal: what a page of
the portal costs above it is what the portal's own code costs.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.template.backends.django import DjangoTemplates
from django.test import override_settings
from django.urls import path

BACKEND = "django.contrib.auth.backends.ModelBackend"
MIDDLEWARE = [
    "benchmarks.floor.own_addresses",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
BASE = (
    '<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{% block t %}Floor{% endblock %}</title></head>'
    '<body><header><a href="/">Portal</a> {{ user.username }} <form method="post" action="/logout/">{% csrf_token %}'
    "<button>Out</button></form></header><main>{% block c %}{% endblock %}</main></body></html>"
)
LIST = (
    '{% extends "base.html" %}{% block c %}<table><thead><tr><th>Mã<th>Cán bộ<th>Chức vụ<th>Năm sinh<th>Từ ngày</tr>'
    '</thead><tbody>{% for r in rows %}<tr><td><a href="/n/{{ r.id }}/">{{ r.person.staff_code }}</a></td><td>'
    "{{ r.person.full_name }}</td><td>{{ r.position }}</td><td>{{ r.leads }}</td><td>{{ r.person.birth_year }}</td>"
    '<td>{{ r.valid_from|date:"d/m/Y" }}</td></tr>{% endfor %}</tbody></table>{% endblock %}'
)
_FILES = [("django.template.loaders.locmem.Loader", {"base.html": BASE, "list.html": LIST})]
TEMPLATES = {"loaders": [("django.template.loaders.cached.Loader", _FILES)], "context_processors": PROCESSORS}
engine = DjangoTemplates({"NAME": "floor", "DIRS": [], "APP_DIRS": False, "OPTIONS": TEMPLATES})


def own_addresses(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        request.urlconf = __name__
        return get_response(request)

    return middleware


@login_required
def rows(request: HttpRequest, unit: int) -> HttpResponse:
    from units.models import Posting

    found = Posting.objects.filter(unit=unit).select_related("person").order_by("-pk")[:25]
    return HttpResponse(engine.get_template("list.html").render({"rows": found}, request))


urlpatterns = [path("list/<int:unit>/", rows)]


def handler() -> WSGIHandler:
    """Answers as a server of its own would."""
    settings.AUTHENTICATION_BACKENDS = [*settings.AUTHENTICATION_BACKENDS, BACKEND]
    with override_settings(MIDDLEWARE=MIDDLEWARE, SESSION_ENGINE="django.contrib.sessions.backends.db"):
        return WSGIHandler()
