"""Accounts, and what each may do over which unit from when to when."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower, Upper
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.codes import OnceInAnyCase
from portal.days import span, today
from portal.models.notices import MailMode
from portal.permissions import actions
from portal.prepared import Prepared, attach_related, select_columns
from portal.scope import ScopedQuerySet, inside, under
from units.models.lineage import paths_before
from units.models.people import Person, PersonStatus, Posting
from units.models.units import Unit, span_constraint, valid_on


class Role(models.TextChoices):
    """What a person may do over a unit; docs/rights.md says what each opens."""

    HEAD = "head", _("Thủ trưởng đơn vị")
    OFFICER = "officer", _("Cán bộ thi đua của đơn vị")
    OFFICE = "office", _("Cơ quan thi đua - khen thưởng")
    COUNCIL = "council", _("Thành viên Hội đồng")
    ADMIN = "admin", _("Quản trị hệ thống")
    AUDITOR = "auditor", _("Người kiểm tra (chỉ đọc)")


READING = (Role.HEAD, Role.OFFICER, Role.OFFICE, Role.COUNCIL, Role.AUDITOR)
OF_THE_STAFF = (Role.HEAD, Role.OFFICER)  # roles of people who work in the unit; they end with the posting there


class User(AbstractUser):
    """An account; what it may do stands in its memberships of today.

    `session_epoch` is part of what a session proves itself by: raising it ends all sessions of the account at once.
    `link_epoch` is part of the links that set a password (portal.signin.links): raising it ends those that were sent.
    """

    person = models.OneToOneField(
        Person, models.PROTECT, null=True, blank=True, related_name="user", verbose_name=_("cán bộ")
    )
    mail_mode = models.CharField(_("nhận thư"), max_length=8, choices=MailMode, default=MailMode.EACH)
    language = models.CharField(_("ngôn ngữ"), max_length=2, default="vi", choices=[("vi", "vi"), ("en", "en")])
    calendar_hash = models.CharField(max_length=64, blank=True, default="", editable=False, db_index=True)
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    link_epoch = models.PositiveIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    authenticator_set: models.Manager[Any]  # of allauth, which ships no types

    class Meta(AbstractUser.Meta):  # type: ignore[name-defined]  # the stubs leave it out
        constraints = [
            # one may sign in by the address, and the links that set a password go there
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="account_email_once",
                violation_error_message=_("Địa chỉ thư này đã thuộc một tài khoản khác."),
            ),
            OnceInAnyCase(
                Upper("username"),
                name="username_once",
                violation_error_message=_("Tên đăng nhập này đã được dùng; chữ hoa và chữ thường được coi là một."),
            ),
        ]

    def __str__(self):
        return self.display_name

    def get_absolute_url(self):
        return reverse("account", args=[self.pk])

    def _get_session_auth_hash(self, secret=None):
        proof = f"{self.password}:{self.session_epoch}"
        return salted_hmac("units.User.session", proof, secret=secret, algorithm="sha256").hexdigest()

    @cached_property
    def display_name(self) -> str:
        """The person's name, or the account's where no person stands behind it."""
        return self.person.full_name if self.person else (self.get_full_name() or self.username)

    @cached_property
    def unread_notices(self) -> int:
        """How many notices wait; sign-in fetches the number with the account (units.access.accounts.StaffBackend)."""
        return self.notices.filter(read_at=None).count()

    @cached_property
    def has_factor(self) -> bool:
        """Whether a second step is asked at sign-in; fetched with the account (units.access.accounts.StaffBackend)."""
        return self.authenticator_set.exclude(type="recovery_codes").exists()

    @property
    def owes_factor(self) -> bool:
        """Whether a role of today asks for a second step that has not been set up."""
        return bool(settings.MFA_ROLES) and not self.has_factor and self.has_role(*settings.MFA_ROLES)

    @cached_property
    def _held(self) -> list[Membership]:
        """The memberships of today: one query a request, since the user object lives as long as the request."""
        held = list(_held_on(self.pk, today()))
        for membership in held:
            attach_related(membership, "unit", Unit)
            membership.unit.has_below = membership.has_below  # whether it may launch for a subtree at all
        return held

    def reading_paths(self) -> list[str]:
        """Paths of the units whose papers this person may read: their own, and those that these succeeded."""
        return self._reading_paths

    @cached_property
    def _reading_paths(self) -> list[str]:
        units = {m.unit for m in self._held if m.role in READING}
        # the root succeeded nobody, so those who read everything ask nothing more
        return sorted({u.path for u in units} | paths_before([u.pk for u in units if u.parent_id]))

    def admin_paths(self) -> list[str]:
        """Paths of the units that this person administers; with them all that lies below."""
        return sorted({m.unit.path for m in self._held if m.role == Role.ADMIN})

    def staff_paths(self) -> list[str]:
        """Paths of the units whose people this person may look up: those they read for and those they administer."""
        return sorted({*self.reading_paths(), *self.admin_paths()})

    def may(self, action: str, unit: Unit) -> bool:
        """Whether a role of today lets the person do it at the unit; `portal.permissions` has the actions."""
        row, units = actions()[action], self.units_where(action)
        if row.below:
            return under(unit.path, *self.paths_where(action))
        return unit in units or (row.former and unit.path in self.paths_where(action))

    def may_anywhere(self, *names: str) -> bool:
        """Whether a role of today lets the person do one of these somewhere."""
        return any(self.units_where(name) for name in names)

    def units_where(self, *names: str) -> list[Unit]:
        """The units over which a role of today lets the person do one of these, each once, as they were given."""
        rows = [actions()[name] for name in names]
        return list({m.unit_id: m.unit for m in self._held if any(row.granted_by(m) for row in rows)}.values())

    def paths_where(self, action: str) -> list[str]:
        """Paths of those units, and of the units that these succeeded where the row says so."""
        units = self.units_where(action)
        succeeded = [u.pk for u in units if u.parent_id] if actions()[action].former else []
        return sorted({u.path for u in units} | paths_before(succeeded))

    def codes_kept(self) -> list[str]:
        """Codes of the units of today that this person keeps: what a list may name."""
        units = Unit.objects.as_of(today()).filter(inside(self.paths_where("keep_units"), "path"))
        return list(units.order_by("path").values_list("code", flat=True)[:5000])

    def holds(self, role: str, over: Unit) -> bool:
        """Whether the person holds the role exactly over that unit, not above it."""
        return any(m.role == role and m.unit_id == over.pk for m in self._held)

    def roles_held(self) -> set[tuple[str, int]]:
        """Which role the person holds over which unit today."""
        return {(m.role, m.unit_id) for m in self._held}

    def has_role(self, *roles: str) -> bool:
        """Whether the person holds one of the roles anywhere."""
        return any(m.role in roles for m in self._held)


@lru_cache(maxsize=4)  # built from two subqueries, and asked by most pages for the same day
def _in_force(day: date) -> Q:
    gone = PersonStatus.objects.filter(valid_on(day), person=OuterRef("user__person"), kind__in=PersonStatus.GONE)
    posted = Posting.objects.filter(person=OuterRef("user__person"), unit=OuterRef("unit"))
    stays = ~Q(role__in=OF_THE_STAFF) | ~Exists(posted.filter(valid_to__lt=day)) | Exists(posted.filter(valid_on(day)))
    return Q(valid_on(day), ~Exists(gone), stays, user__is_active=True)


class MembershipQuerySet(ScopedQuerySet["Membership"]):
    def in_force(self, day: date | None = None) -> MembershipQuerySet:
        """Memberships that count on the day: within their span, of an open account whose person is still there.

        Who retired or left holds no role. A head or officer whose posting in the unit has ended, with no other one
        there, lost that role with it. An account without a person, and a person never posted there, go by the span.
        """
        return self.filter(_in_force(day or today()))

    def not_over(self) -> MembershipQuerySet:
        """Memberships whose last day has not passed, those that have not begun included."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=today()))


def name_columns(relation: str) -> list[str]:
    """What `only()` names so that the account behind the foreign key has its `display_name`."""
    return [f"{relation}__{name}" for name in ("username", "first_name", "last_name", "person__full_name")]


def accounts_without_role(day: date) -> models.QuerySet[User]:
    """Active accounts that may do nothing on the day."""
    return User.objects.filter(is_active=True).exclude(pk__in=Membership.objects.in_force(day).values("user"))


def units_without_head(day: date) -> models.QuerySet[Unit]:
    """Units of the day for which nobody could send a paper."""
    headed = Membership.objects.in_force(day).filter(role=Role.HEAD)
    return Unit.objects.as_of(day).exclude(pk__in=headed.values("unit"))


class Membership(models.Model):
    """A role of a person over a unit, from one day to another."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("tài khoản"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships", verbose_name=_("đơn vị"))
    role = models.CharField(_("vai trò"), max_length=10, choices=Role)
    valid_from = models.DateField(_("từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    delegated_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="delegations", verbose_name=_("người ủy quyền")
    )
    document = models.CharField(_("văn bản ủy quyền"), max_length=200, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["unit__path", "role"]
        verbose_name, verbose_name_plural = _("vai trò"), _("vai trò")
        constraints = [
            span_constraint("membership_span"),
            models.UniqueConstraint(fields=["user", "unit", "role", "valid_from"], name="membership_once"),
        ]

    def __str__(self):
        return f"{self.user} – {self.get_role_display()} – {self.unit}"

    @property
    def span(self) -> str:
        """From when to when it lasts, in words."""
        return span(self.valid_from, self.valid_to)


def _memberships_with_units(user: int, day: date) -> models.QuerySet:
    below = Unit.objects.filter(valid_on(day), parent=OuterRef("unit"))
    held = Membership.objects.in_force(day).filter(user=user)
    return held.annotate(has_below=Exists(below), **select_columns("unit", Unit))


_held_on = Prepared(_memberships_with_units, int, date)


def holders(unit: Unit, day: date) -> MembershipQuerySet:
    """Who holds which role over the unit on the day, with the names of all concerned."""
    held = Membership.objects.in_force(day).filter(unit=unit)
    return held.select_related("user__person", "delegated_by__person")
