"""What every page shows around its content."""

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import get_language

from portal.days import today
from portal.notices.mail import shows_outbox
from portal.web.menu import menu
from portal.web.middleware import RENEW_SECONDS
from units.models import EmulationOffice, Role
from units.models.units import valid_on


def portal(request):
    """The menu of the person's roles, unread notices and the length of the session."""
    context = {"demo_mode": settings.DEMO, "emulation_office": _emulation_office()}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context | ({"demo_accounts": _demo_accounts()} if settings.DEMO else {})
    return context | {
        "menu": [] if user.owes_factor else menu(user, request.path),
        "unread_notices": user.unread_notices,
        "role_line": _role_line(user),
        # the session is renewed at most once a minute, so the browser counts to the safe side
        "idle_seconds": settings.SESSION_COOKIE_AGE - RENEW_SECONDS,
        "show_outbox": shows_outbox(user),
    }


def _demo_accounts() -> list[dict]:
    """One account of each role, told on the sign-in page of the demo; the terminal told the password."""
    hue = "T46" if settings.DEMO_HIERARCHY == "2021" else "T46.25"
    names = {
        "office": Role.OFFICE,
        f"officer.{hue}": Role.OFFICER,
        f"head.{hue}": Role.HEAD,
        "auditor": Role.AUDITOR,
        "council1": Role.COUNCIL,
        "admin": Role.ADMIN,
    }
    return [{"username": name, "role": role.label} for name, role in names.items()]


def _emulation_office():
    """The office of today under its name; asked once in some minutes, for it changes once in years."""
    language, day = get_language(), today()
    return cache.get_or_set(f"emulation-office:{language}:{day}", lambda: _office_name(day), 300)


def _office_name(day) -> str:
    row = EmulationOffice.objects.filter(valid_on(day), serves__parent=None).select_related("unit").first()
    return row.unit.name if row else ""


def _role_line(user) -> str:
    held = [f"{m.get_role_display()} – {m.unit.label}" for m in user._held]
    return "; ".join(held[:2])
