"""What every page shows around its content."""

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from units.days import today
from units.middleware import RENEW_SECONDS
from units.models import EmulationOffice, Role
from units.models.units import valid_on
from units.rights import keeps_the_root


def portal(request):
    """The menu of the person's roles, unread notices and the length of the session."""
    context = {"demo_mode": settings.DEMO, "emulation_office": _emulation_office()}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context | ({"demo_accounts": _demo_accounts()} if settings.DEMO else {})
    return context | {
        "menu": _menu(user, request.path),
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
    """Administrators of the root read the outbox; in the demo the office does too, to see what leaves.

    It holds the links that set the password of anybody, so an administrator of some units must not read it.
    """
    return not settings.EMAIL_URL and (keeps_the_root(user) or (settings.DEMO and user.has_role(Role.OFFICE)))


def _role_line(user) -> str:
    held = [f"{m.get_role_display()} – {m.unit.label}" for m in user._held]
    return "; ".join(held[:2])


def _menu(user, path: str) -> list[dict]:
    entries = [("home", _("Việc của tôi")), ("campaign_list", _("Phong trào")), *settings.MENU_ENTRIES]
    if user.has_role(Role.OFFICE, Role.HEAD, Role.AUDITOR):
        entries.append(("reminders_sent", _("Nhắc việc")))
    entries.append(("unit_tree", _("Đơn vị")))
    if user.has_role(*Role):
        entries.append(("person_list", _("Cán bộ")))
    if user.has_role(Role.ADMIN):
        entries.append(("account_list", _("Tài khoản")))
    if user.has_role(Role.HEAD, Role.OFFICER, Role.OFFICE):
        entries.append(("calendar_page", _("Lịch")))
    if user.has_role(Role.ADMIN):
        entries.append(("exchange_home", _("Nhập, xuất dữ liệu")))
    if may_see_outbox(user):
        entries.append(("outbox", _("Thư đi")))
    if user.is_staff:
        entries.append(("admin:index", _("Quản trị")))
    menu = []
    for name, label in entries:
        url = reverse(name)
        active = path == url if name == "home" else path.startswith(url)
        menu.append({"label": label, "url": url, "active": active})
    return menu
