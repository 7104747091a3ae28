"""What every page shows around its content."""

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import get_language

from portal.days import today
from portal.web.middleware import RENEW_SECONDS
from units.access.rights import keeps_the_root
from units.models import EmulationOffice, Role
from units.models.units import valid_on


def portal(request):
    """The menu of the person's roles, unread notices and the length of the session."""
    context = {"demo_mode": settings.DEMO, "emulation_office": _emulation_office()}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context | ({"demo_accounts": _demo_accounts()} if settings.DEMO else {})
    return context | {
        "menu": [] if user.owes_factor else _menu(user, request.path),
        "unread_notices": user.unread_notices,
        "role_line": _role_line(user),
        # the session is renewed at most once a minute, so the browser counts to the safe side
        "idle_seconds": settings.SESSION_COOKIE_AGE - RENEW_SECONDS,
        "show_outbox": may_see_outbox(user),
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


def may_see_outbox(user) -> bool:
    """Administrators of the root read the outbox. In the demo it holds links that set the password of anybody."""
    return not settings.EMAIL_URL and keeps_the_root(user)


def _role_line(user) -> str:
    held = [f"{m.get_role_display()} – {m.unit.label}" for m in user._held]
    return "; ".join(held[:2])


def _menu(user, path: str) -> list[dict]:
    """The sections that hold a page for this person; the page whose address begins like this one is where they are."""
    sections = []
    for label, pages in settings.MENU:
        shown = [{"label": words, "url": reverse(name)} for name, words, roles in pages if _opens(user, name, roles)]
        if shown:
            sections.append({"label": label, "url": shown[0]["url"], "pages": shown})
    pages = [page for section in sections for page in section["pages"]]
    home = reverse("home")
    around = [p for p in pages if path.startswith(p["url"]) and (p["url"] != home or path == home)]
    if around:
        max(around, key=lambda page: len(page["url"]))["active"] = True
    for section in sections:
        section["active"] = any("active" in page for page in section["pages"])
    return sections


def _opens(user, name: str, roles: tuple[str, ...]) -> bool:
    if name == "outbox":
        return may_see_outbox(user)
    if name == "admin:index":
        return user.is_staff
    return not roles or user.has_role(*roles)
