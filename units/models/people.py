"""People: who they are, where they work, and what is so of them."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.codes import CODE, UNIT_CODE, OnceInAnyCase
from portal.days import today
from portal.scope import NamedQuerySet, ScopedQuerySet, inside
from portal.text import clean, fold, joined, name_key, sort_key
from units.models.units import Unit, span_constraint, valid_on

if TYPE_CHECKING:
    from units.models.accounts import User

STAFF_CODE_TAKEN = _("Số hiệu cán bộ này đã có trong hệ thống; chữ hoa và chữ thường được coi là một.")
COLLECTIVE_CODE_TAKEN = _("Mã tập thể này đã có trong hệ thống; chữ hoa và chữ thường được coi là một.")


class PersonQuerySet(NamedQuerySet["Person"]):
    """People stand where their postings are, so scope asks these; a transfer takes the record along."""

    code_lookup = "staff_code"

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

    def coded(self, code: str) -> Person | None:
        code = clean(code).strip()
        everybody: PersonQuerySet = self.model._default_manager.all()
        found = everybody.by_codes([code, code.upper()])  # of a merged record, the one that was kept
        return self.filter(pk__in=[person.pk for person in found.values()]).first()

    def beside(self, word: str) -> Q:
        there = Q(unit__search__contains=word) | Q(collective__search__contains=word)
        works = Q(Exists(Posting.objects.filter(there, valid_on(today()), person=OuterRef("pk"))))
        return works | Q(birth_year=int(word)) if re.fullmatch(r"(19|20)\d\d", word) else works

    def for_choice(self) -> PersonQuerySet:
        places = Posting.objects.standing().select_related("unit", "collective").order_by("-leads", "valid_from", "pk")
        return self.prefetch_related(Prefetch("postings", places))

    def kept_by(self, user: User) -> PersonQuerySet:
        """People whose record this person keeps: the administrators of a unit where they stand, or above it."""
        kept = Posting.objects.standing().filter(inside(user.admin_paths(), "unit__path"), person=OuterRef("pk"))
        return self.filter(Exists(kept), merged_into=None)


class PostingQuerySet(ScopedQuerySet["Posting"]):
    def standing(self, day: date | None = None) -> PostingQuerySet:
        """Where people stand: postings that have not ended, and the last one of those who have no other."""
        later = Posting.objects.filter(
            Q(valid_to=None) | Q(valid_to__gt=OuterRef("valid_to")), person=OuterRef("person")
        ).exclude(pk=OuterRef("pk"))
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day or today()) | ~Exists(later))


class CollectiveQuerySet(NamedQuerySet["Collective"]):
    def beside(self, word: str) -> Q:
        return Q(unit__search__contains=word)

    def for_choice(self) -> CollectiveQuerySet:
        return self.select_related("unit")

    def visible_to(self, user: User) -> CollectiveQuerySet:
        """Collectives of the units this person reads for or administers, and of those below."""
        return self.filter(inside(user.staff_paths(), self.path_lookup))


class FromOutside(models.Model):
    """People and bodies outside the sector, who are commended too: whose, and of which country; empty for its own."""

    organisation = models.CharField(_("cơ quan, tổ chức"), max_length=200, blank=True)
    country = models.CharField(_("quốc gia"), max_length=60, blank=True)

    class Meta:
        abstract = True

    @property
    def outside(self) -> bool:
        """Whether it is not of the sector."""
        return bool(self.country)


class Person(FromOutside):
    """A member of staff; the unit of a day is in the postings, what stands in the way of work in the statuses.

    Who is from outside the sector has no posting, and so stands in no list of staff.
    """

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

    trigrams = True  # also where SQLite keeps them (portal.search.trigrams)
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

    @property
    def told_apart(self) -> tuple[str, str]:
        """Name, year of birth and unit; post, collective and code (of rows from `for_choice`)."""
        place = next(iter(self.postings.all()), None)
        text = joined(", ", self.full_name, self.birth_year, place and place.unit.label)
        return text, joined(" · ", place and place.position, place and place.collective, self.staff_code)

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
        INJURY = "injury", _("Điều trị thương tích do chiến đấu, cứu người")
        SECONDED = "seconded", _("Biệt phái")
        STUDY = "study", _("Đi học dài ngày")
        MILITARY = "military", _("Nghĩa vụ quân sự")
        REVIEWED = "reviewed", _("Đang bị xem xét kỷ luật, thanh tra, điều tra")
        PRESS = "press", _("Báo chí nêu tham nhũng, tiêu cực, đang được xác minh")
        DISCIPLINED = "disciplined", _("Bị kỷ luật")
        RETIRED = "retired", _("Nghỉ hưu")
        LEFT = "left", _("Thôi việc, chuyển ngành")

    GONE = (Kind.RETIRED, Kind.LEFT)
    # Decree 152/2025/NĐ-CP, article 4: leave that counts as work, and what keeps an award waiting
    COUNTED = (Kind.MATERNITY, Kind.INJURY)
    ELSEWHERE = (Kind.SECONDED, Kind.STUDY, Kind.MILITARY)
    FREEZING = (Kind.REVIEWED, Kind.PRESS)

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


class Collective(FromOutside):
    """A group that can be commended: a division or team below a unit (phòng, tổ), or one from outside."""

    class Kind(models.TextChoices):
        DIVISION = "division", _("Phòng")
        TEAM = "team", _("Tổ, đội")
        OTHER = "other", _("Tập thể khác")
        OUTSIDE = "outside", _("Tập thể ngoài ngành")
        HOUSEHOLD = "household", _("Hộ gia đình")

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

    @property
    def told_apart(self) -> tuple[str, str]:
        """The name with its unit; what kind it is, and until when it was."""
        ended = _("đến hết %s") % f"{self.valid_to:%d/%m/%Y}" if self.valid_to else ""
        return joined(", ", self.name, self.unit.label), joined(" · ", self.get_kind_display(), ended)

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
