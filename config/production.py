"""What production must be told before it starts; all that is missing or wrong is said at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host
from environ import Env

FORMS = ("embedded", "production")  # of PORTAL_ENV
NEEDED = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "ALLOWED_HOSTS", "BASE_URL")
KEY_LENGTH, KEY_LETTERS = 50, 20  # of SECRET_KEY; 50 random characters hold about 30 different ones
KNOWN_KEYS = ("insecure", "changeme", "change-me", "change_me", "example", "secret", "password", "portal")
MAIL = ("smtp", "smtps", "smtp+tls", "smtp+ssl")


def refuse(env: Mapping[str, str]) -> None:
    """End the start with everything that is wrong."""
    if found := list(problems(env)):
        raise ImproperlyConfigured("The portal was not started:\n" + "\n".join(f"- {words}" for words in found))


def problems(env: Mapping[str, str]) -> Iterator[str]:
    """In words, each with what to set."""
    form = env.get("PORTAL_ENV", "embedded")
    if form not in FORMS:
        yield f"PORTAL_ENV is {form!r}; it is 'production' or 'embedded'."
    if form != "production":
        return
    for name in NEEDED:
        if not env.get(name, "").strip():
            yield f"{name} is not set; .env.example shows how."
    for name in ("DEBUG", "DEMO"):
        if env.get(name, "").lower() in Env.BOOLEAN_TRUE_STRINGS:
            yield f"{name} is on; take it away."
    yield from _key(env.get("SECRET_KEY", ""))
    hosts = [host.strip() for host in env.get("ALLOWED_HOSTS", "").split(",") if host.strip()]
    for host in hosts:
        if "*" in host or host.count(".") == 1 and host.startswith(".") or host == ".":
            yield f"ALLOWED_HOSTS holds {host!r}, which lets in any name; list the names of this portal."
    yield from _address(env.get("BASE_URL", "").strip(), hosts)
    for origin in env.get("CSRF_TRUSTED_ORIGINS", "").split(","):
        if origin.strip() and (not origin.strip().startswith("https://") or "*" in origin):
            yield f"CSRF_TRUSTED_ORIGINS holds {origin.strip()!r}; name whole addresses that begin with https://."
    yield from _servers(env)


def _key(key: str) -> Iterator[str]:
    if not key:
        return
    if len(key) < KEY_LENGTH or len(set(key)) < KEY_LETTERS:
        yield "SECRET_KEY is short or has few different characters; make one of 50 random characters or more:"
        yield 'python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
    elif any(word in key.lower() for word in KNOWN_KEYS):
        yield "SECRET_KEY is a known one; make one that nobody knows."


def _address(address: str, hosts: list[str]) -> Iterator[str]:
    if not address:
        return
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        parts, host = None, ""
    if not parts or parts.scheme != "https" or not host or parts.path.strip("/") or parts.query or parts.username:
        yield f"BASE_URL is {address!r}; it is https:// and the name of the portal, nothing more."
    elif hosts and not validate_host(host, [name for name in hosts if "*" not in name]):
        yield f"BASE_URL names {host!r}, which ALLOWED_HOSTS does not let in; add it there."


def _servers(env: Mapping[str, str]) -> Iterator[str]:
    schemes = {name: env.get(name, "").strip().partition(":")[0].lower() for name in NEEDED}
    if schemes["DATABASE_URL"] and schemes["DATABASE_URL"] not in ("postgres", "postgresql", "psql", "pgsql"):
        yield f"DATABASE_URL begins with {schemes['DATABASE_URL']!r}; production needs postgres://."
    if schemes["REDIS_URL"] and schemes["REDIS_URL"] not in ("redis", "rediss", "unix"):
        yield f"REDIS_URL begins with {schemes['REDIS_URL']!r}; it is redis:// or rediss://."
    if schemes["EMAIL_URL"] and schemes["EMAIL_URL"] not in MAIL:
        yield f"EMAIL_URL begins with {schemes['EMAIL_URL']!r}, which sends nothing; it is smtp+tls:// or smtp+ssl://."


def refuse_demo_database() -> None:
    """A database that the demo filled has accounts whose password everybody knows. One that is away says nothing."""
    from django.conf import settings
    from django.db import DatabaseError

    from portal.models import DemoData

    if not settings.PRODUCTION:
        return
    try:
        marked = DemoData.objects.exists()
    except DatabaseError:  # away, or not migrated yet: the first request tells
        return
    if marked:
        raise ImproperlyConfigured(
            "The portal was not started:\n"
            "- The database that DATABASE_URL names was filled by the demo; give production an empty one of its own."
        )
