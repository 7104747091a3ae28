"""People, their accounts, and what each may do where and when."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import connection, models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower, Upper
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.codes import CODE, UNIT_CODE, OnceInAnyCase
from portal.days import span, today
from portal.models.notices import MailMode
from portal.prepared import Prepared, attach_related, select_columns
from portal.scope import ScopedQuerySet, SearchedQuerySet, inside, under
from portal.text import clean, fold, name_key, sort_key
from units.models.units import Unit, span_constraint, valid_on


class Role(models.TextChoices):
    """What a person may do over a unit; docs/architecture.md says what each opens."""

    HEAD = "head", _("Thủ trưởng đơn vị")
    OFFICER = "officer", _("Cán bộ thi đua của đơn vị")
    OFFICE = "office", _("Cơ quan thi đua - khen thưởng")
    COUNCIL = "council", _("Thành viên Hội đồng")
    ADMIN = "admin", _("Quản trị hệ thống")
    AUDITOR = "auditor", _("Người kiểm tra (chỉ đọc)")


READING = (Role.HEAD, Role.OFFICER, Role.OFFICE, Role.COUNCIL, Role.AUDITOR)
STAFF_CODE_TAKEN = _("Số hiệu cán bộ này đã có trong hệ thống; chữ hoa và chữ thường được coi là một.")
COLLECTIVE_CODE_TAKEN = _("Mã tập thể này đã có trong hệ thống; chữ hoa và chữ thường được coi là một.")
OF_THE_STAFF = (Role.HEAD, Role.OFFICER)  # roles of people who work in the unit; they end with the posting there


class PersonQuerySet(SearchedQuerySet):
    """People stand where their postings are, so scope asks these; a transfer takes the record along."""

    def visible_to(self, user: User) -> PersonQuerySet:
        """People of the units this person reads for or administers, and of those below, today or in the past."""
        mine = Posting.objects.filter(inside(user.staff_paths(), "unit__path"), person=OuterRef("pk"))
        return self.filter(Exists(mine), merged_into=None)

    def in_unit(self, unit: Unit, day: date | None = None) -> PersonQuerySet:
        """People who work in the unit or below it on the day (today if none is named)."""
        there = Posting.objects.filter(valid_on(day or today()), unit__path__under=unit.path)
        return self.filter(Exists(there.filter(person=OuterRef("pk"))), merged_into=None)

    def by_codes(self, codes: list[str], within: PersonQuerySet | None = None) -> dict[str, Person]:
        """People by staff code; a code of a merged record finds the record that was kept, if that one is `within`."""
        found = {person.staff_code: person for person in self.filter(staff_code__in=codes).order_by("pk")}
        while gone := {code: p.merged_into_id for code, p in found.items() if p.merged_into_id}:
            kept = {person.pk: person for person in self.filter(pk__in=set(gone.values())).order_by("pk")}
            found |= {code: kept[pk] for code, pk in gone.items()}
        if within is not None:
            there = set(within.filter(pk__in={p.pk for p in found.values()}).values_list("pk", flat=True))
            found = {code: person for code, person in found.items() if person.pk in there}
        return found

    def kept_by(self, user: User) -> PersonQuerySet:
        """People whose record this person keeps: the administrators of a unit where they stand, or above it."""
        kept = Posting.objects.standing().filter(inside(user.admin_paths(), "unit__path"), person=OuterRef("pk"))
        return self.filter(Exists(kept), merged_into=None)


class PostingQuerySet(ScopedQuerySet):
    def standing(self, day: date | None = None) -> PostingQuerySet:
        """Where people stand: postings that have not ended, and the last one of those who have no other."""
        later = Posting.objects.filter(
            Q(valid_to=None) | Q(valid_to__gt=OuterRef("valid_to")), person=OuterRef("person")
        ).exclude(pk=OuterRef("pk"))
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day or today()) | ~Exists(later))


class CollectiveQuerySet(SearchedQuerySet):
    def visible_to(self, user: User) -> CollectiveQuerySet:
        """Collectives of the units this person reads for or administers, and of those below."""
        return self.filter(inside(user.staff_paths(), self.path_lookup))


class Person(models.Model):
    """A member of staff; the unit of a day is in the postings, what stands in the way of work in the statuses."""

    class Gender(models.TextChoices):
        FEMALE = "f", _("Nữ")
        MALE = "m", _("Nam")

    staff_code = models.CharField(_("số hiệu cán bộ"), max_length=20, unique=True, validators=[CODE])
    full_name = models.CharField(_("họ và tên"), max_length=100)
    birth_year = models.PositiveSmallIntegerField(_("năm sinh"), null=True, blank=True)
    gender = models.CharField(_("giới tính"), max_length=1, choices=Gender, blank=True)
    rank = models.CharField(_("ngạch, chức danh"), max_length=100, blank=True)
    # the day of entering the sector counts for the commemorative medal and for the first year's titles
    joined_on = models.DateField(_("ngày vào ngành"), null=True, blank=True)
    # an index of its own would lead SQLite to the NULLs, which are nearly everybody
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", editable=False, db_index=False
    )
    anonymised_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    search = models.CharField(max_length=150, editable=False, default="")
    name_key = models.CharField(max_length=120, editable=False, default="")
    sort_key = models.CharField(max_length=120, editable=False, default="")

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name, verbose_name_plural = _("cán bộ"), _("cán bộ")
        constraints = [
            OnceInAnyCase(
                Upper("staff_code"),
                name="staff_code_once",
                violation_error_message=STAFF_CODE_TAKEN,
            )
        ]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="person_by_given_name"),
            models.Index(fields=["name_key", "birth_year"], name="person_likeness"),
            models.Index(fields=["merged_into"], condition=~Q(merged_into=None), name="person_merged"),
        ]

    def __str__(self):
        return self.full_name

    def save(self, **kwargs):
        self.derive()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "full_name", "search", "name_key", "sort_key"}
        super().save(**kwargs)

    def get_absolute_url(self):
        return reverse("person_detail", args=[self.pk])

    def derive(self) -> None:
        """Set what follows from the name; save() does it, a bulk writer calls it."""
        self.full_name = clean(self.full_name)
        # one character may fold into many, so the keys are cut to their columns
        self.search = fold(f"{self.full_name} {self.staff_code}")[:150]
        self.name_key, self.sort_key = name_key(self.full_name)[:120], sort_key(self.full_name)[:120]


class PersonStatus(models.Model):
    """What is so of a person for a time, besides working; nothing here means at work."""

    class Kind(models.TextChoices):
        LEAVE = "leave", _("Nghỉ dài ngày")
        MATERNITY = "maternity", _("Nghỉ thai sản")
        REVIEWED = "reviewed", _("Đang bị xem xét kỷ luật, thanh tra, điều tra")
        DISCIPLINED = "disciplined", _("Bị kỷ luật")
        RETIRED = "retired", _("Nghỉ hưu")
        LEFT = "left", _("Thôi việc, chuyển ngành")

    GONE = (Kind.RETIRED, Kind.LEFT)

    class Grade(models.TextChoices):
        """Grades of discipline in rising order; rules ask «from reprimand on» or «from warning on»."""

        REPRIMAND = "1", _("Khiển trách")
        WARNING = "2", _("Cảnh cáo")
        DEMOTED = "3", _("Hạ bậc lương, giáng chức, cách chức")
        DISMISSED = "4", _("Buộc thôi việc")

    person = models.ForeignKey(Person, models.CASCADE, related_name="statuses", verbose_name=_("cán bộ"))
    kind = models.CharField(_("tình trạng"), max_length=12, choices=Kind)
    grade = models.CharField(_("hình thức kỷ luật"), max_length=1, choices=Grade, blank=True)
    valid_from = models.DateField(_("từ ngày"))
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    document = models.CharField(_("văn bản"), max_length=200, blank=True)

    class Meta:
        ordering = ["-valid_from", "-pk"]
        verbose_name, verbose_name_plural = _("tình trạng"), _("tình trạng")
        constraints = [
            span_constraint("person_status_span"),
            models.CheckConstraint(
                name="person_status_grade",
                condition=~Q(kind="disciplined") | ~Q(grade=""),
                violation_error_message=_("Hãy chọn hình thức kỷ luật."),
            ),
        ]

    def __str__(self):
        return f"{self.person} – {self.get_kind_display()}"


class Collective(models.Model):
    """A group below a unit that can be commended: a division, a team (phòng, tổ)."""

    class Kind(models.TextChoices):
        DIVISION = "division", _("Phòng")
        TEAM = "team", _("Tổ, đội")
        OTHER = "other", _("Tập thể khác")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="collectives", verbose_name=_("đơn vị"))
    code = models.CharField(_("mã tập thể"), max_length=30, unique=True, validators=[UNIT_CODE])
    name = models.CharField(_("tên tập thể"), max_length=200)
    kind = models.CharField(_("loại"), max_length=10, choices=Kind, default=Kind.DIVISION)
    valid_from = models.DateField(_("từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    # a reorganisation closes the row and opens another below the successor; what it won before is found through here
    succeeds = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="succeeded_by", editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    search = models.CharField(max_length=250, editable=False, default="")

    objects = CollectiveQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name, verbose_name_plural = _("tập thể"), _("tập thể")
        constraints = [
            span_constraint("collective_span"),
            OnceInAnyCase(
                Upper("code"),
                name="collective_code_once",
                violation_error_message=COLLECTIVE_CODE_TAKEN,
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, **kwargs):
        self.derive()
        super().save(**kwargs)

    def get_absolute_url(self):
        return reverse("collective_detail", args=[self.pk])

    def derive(self) -> None:
        """Set what follows from the name; save() does it, a bulk writer calls it."""
        self.name = clean(self.name)
        self.search = fold(f"{self.code} {self.name}")[:250]

    def exists_on(self, day: date) -> bool:
        """Whether the day lies in the collective's span."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)


class Posting(models.Model):
    """Where a person works, as what, from when to when."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="postings", verbose_name=_("cán bộ"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="postings", verbose_name=_("đơn vị"))
    collective = models.ForeignKey(
        Collective, models.PROTECT, null=True, blank=True, related_name="postings", verbose_name=_("tập thể")
    )
    position = models.CharField(_("chức vụ"), max_length=100, blank=True)
    leads = models.BooleanField(_("là lãnh đạo"), default=False)
    valid_from = models.DateField(_("từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    document = models.CharField(_("văn bản"), max_length=200, blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from", "-pk"]
        verbose_name, verbose_name_plural = _("vị trí công tác"), _("vị trí công tác")
        constraints = [span_constraint("posting_span")]

    def __str__(self):
        return f"{self.person} – {self.unit}"


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

    class Meta(AbstractUser.Meta):
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
        return self.person.full_name if self.person_id else (self.get_full_name() or self.username)

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
        return sorted({u.path for u in units} | _paths_before([u.pk for u in units if u.parent_id]))

    def admin_paths(self) -> list[str]:
        """Paths of the units that this person administers; with them all that lies below."""
        return sorted({m.unit.path for m in self._held if m.role == Role.ADMIN})

    def administers(self, unit: Unit) -> bool:
        """Whether the person keeps the unit, its people and accounts: an administrator of it or of one above."""
        return under(unit.path, *self.admin_paths())

    def staff_paths(self) -> list[str]:
        """Paths of the units whose people this person may look up: those they read for and those they administer."""
        return sorted({*self.reading_paths(), *self.admin_paths()})

    def units_as(self, *roles: str) -> list[Unit]:
        """The units over which this person holds one of the roles today, each once."""
        return list({m.unit_id: m.unit for m in self._held if m.role in roles}.values())

    def paths_as(self, *roles: str) -> list[str]:
        """Paths of the units over which this person holds one of the roles, and of those that these succeeded."""
        units = self.units_as(*roles)
        return sorted({u.path for u in units} | _paths_before([u.pk for u in units if u.parent_id]))

    def holds(self, role: str, over: Unit) -> bool:
        """Whether the person holds the role exactly over that unit, not above it."""
        return any(m.role == role and m.unit_id == over.pk for m in self._held)

    def roles_held(self) -> set[tuple[str, int]]:
        """Which role the person holds over which unit today."""
        return {(m.role, m.unit_id) for m in self._held}

    def has_role(self, *roles: str) -> bool:
        """Whether the person holds one of the roles anywhere."""
        return any(m.role in roles for m in self._held)


def _paths_before(units: list[int]) -> set[str]:
    """Paths of the units that these took over, directly or through others; one query on both engines."""
    if not units:
        return set()
    marks = ", ".join(["%s"] * len(units))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH RECURSIVE before (id) AS (
                SELECT predecessor_id FROM units_succession WHERE successor_id IN ({marks})
                UNION
                SELECT s.predecessor_id FROM units_succession s JOIN before b ON s.successor_id = b.id
            ) SELECT path FROM units_unit WHERE id IN (SELECT id FROM before)""",  # noqa: S608 -- only marks are put in
            units,
        )
        return {path for (path,) in cursor.fetchall()}


@lru_cache(maxsize=4)  # built from two subqueries, and asked by most pages for the same day
def _in_force(day: date) -> Q:
    gone = PersonStatus.objects.filter(valid_on(day), person=OuterRef("user__person"), kind__in=PersonStatus.GONE)
    posted = Posting.objects.filter(person=OuterRef("user__person"), unit=OuterRef("unit"))
    stays = ~Q(role__in=OF_THE_STAFF) | ~Exists(posted.filter(valid_to__lt=day)) | Exists(posted.filter(valid_on(day)))
    return Q(valid_on(day), ~Exists(gone), stays, user__is_active=True)


class MembershipQuerySet(ScopedQuerySet):
    def in_force(self, day: date | None = None) -> MembershipQuerySet:
        """Memberships that count on the day: within their span, of an open account whose person is still there.

        Who retired or left holds no role. A head or officer whose posting in the unit has ended, with no other one
        there, lost that role with it. An account without a person, and a person never posted there, go by the span.
        """
        return self.filter(_in_force(day or today()))

    def not_over(self) -> MembershipQuerySet:
        """Memberships whose last day has not passed, those that have not begun included."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=today()))


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
