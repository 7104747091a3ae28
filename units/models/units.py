"""The hierarchy of the Procuracy, answerable for any day."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.codes import UNIT_CODE, OnceInAnyCase
from portal.days import today
from portal.scope import NamedQuerySet, PathField
from portal.text import fold, joined


def valid_on(day: date) -> Q:
    """Rows in force on the day; both ends belong to the span and an empty end is open."""
    return (Q(valid_from=None) | Q(valid_from__lte=day)) & (Q(valid_to=None) | Q(valid_to__gte=day))


def span_constraint(name: str) -> models.CheckConstraint:
    """No span ends before it begins."""
    return models.CheckConstraint(
        name=name,
        condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
        violation_error_message=_("Ngày kết thúc phải sau hoặc cùng ngày bắt đầu."),
    )


class Kind(models.TextChoices):
    """Kinds of unit since 2021; high and district ended on 30/06/2025 (docs/domain/law-and-practice.md, 2.2)."""

    SUPREME = "supreme", _("Viện kiểm sát nhân dân tối cao")
    DEPARTMENT = "department", _("Đơn vị thuộc VKSND tối cao")
    HIGH = "high", _("VKSND cấp cao")
    PROVINCE = "province", _("VKSND cấp tỉnh")
    REGION = "region", _("VKSND khu vực")
    DISTRICT = "district", _("VKSND cấp huyện")
    MILITARY = "military", _("Viện kiểm sát quân sự")


CODE_TAKEN = _("Mã này đã có đơn vị dùng, kể cả đơn vị đã kết thúc; chữ hoa và chữ thường được coi là một.")


class UnitQuerySet(NamedQuerySet["Unit"]):
    path_lookup = "path"

    def beside(self, word: str) -> Q:
        return Q(parent__search__contains=word)

    def for_choice(self) -> UnitQuerySet:
        return self.select_related("parent")

    def as_of(self, day: date) -> UnitQuerySet:
        """The units that existed on the day."""
        return self.filter(valid_on(day))


@lru_cache(maxsize=4096)
def _address(name: str, pk: int) -> str:
    """A tree writes a hundred addresses, and making one costs more than the name beside it."""
    return reverse(name, args=[pk])


class Unit(models.Model):
    """One unit under one name and one parent during one span; its path names every unit above it."""

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("đơn vị cấp trên")
    )
    code = models.CharField(_("mã đơn vị"), max_length=20, unique=True, validators=[UNIT_CODE])
    name_vi = models.CharField(_("tên tiếng Việt"), max_length=200)
    name_en = models.CharField(_("tên tiếng Anh"), max_length=200, blank=True)
    short_name = models.CharField(_("tên gọi tắt"), max_length=100)
    kind = models.CharField(_("loại đơn vị"), max_length=12, choices=Kind)
    seat = models.CharField(_("trụ sở"), max_length=100, blank=True)
    order = models.PositiveIntegerField(_("thứ tự"), default=0)
    valid_from = models.DateField(_("có từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    source = models.CharField(_("nguồn"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    path = PathField(max_length=200, unique=True, editable=False)
    search = models.CharField(max_length=500, editable=False, default="")

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["order", "code"]
        verbose_name, verbose_name_plural = _("đơn vị"), _("đơn vị")
        constraints = [
            span_constraint("unit_span"),
            OnceInAnyCase(
                Upper("code"),
                name="unit_code_once",
                violation_error_message=CODE_TAKEN,
            ),
        ]
        indexes = [models.Index(fields=["kind", "valid_to"], name="unit_kind_span")]

    def __str__(self):
        return self.name

    def save(self, **kwargs):
        self.derive()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "path", "search"}
        super().save(**kwargs)

    def get_absolute_url(self):
        return _address("unit_detail", self.pk)

    @property
    def branch_url(self) -> str:
        """Where the tree fetches what lies below."""
        return _address("unit_branch", self.pk)

    @property
    def anchor(self) -> str:
        """Its place on the page of the tree."""
        return f"u{self.pk}"

    def derive(self) -> None:
        """Set what follows from the other fields; save() does it, a bulk writer calls it."""
        self.path = f"{self.parent.path if self.parent else '/'}{self.code}/"
        self.search = fold(f"{self.code} {self.name_vi} {self.name_en} {self.short_name}")

    @property
    def name(self) -> str:
        """The name in the language of the reader."""
        return self.name_en if get_language() == "en" and self.name_en else self.name_vi

    @property
    def label(self) -> str:
        """The short name in Vietnamese lists, the full name in English ones."""
        return self.name_en if get_language() == "en" and self.name_en else self.short_name

    @property
    def told_apart(self) -> tuple[str, str]:
        """The name with the superior unit, unless that is the root; what kind it is, and until when it was."""
        above = self.parent if self.parent and self.parent.parent_id else None
        ended = _("đến hết %s") % f"{self.valid_to:%d/%m/%Y}" if self.valid_to else ""
        return joined(", ", self.label, above and above.label), joined(" · ", self.get_kind_display(), ended)

    def exists_on(self, day: date) -> bool:
        """Whether the day lies in the unit's span."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)


def label_columns(relation: str) -> list[str]:
    """What `only()` names so that the unit behind the foreign key has its `label`."""
    return [f"{relation}__short_name", f"{relation}__name_en"]


class Succession(models.Model):
    """Who took over from whom on which day; no successor means that the unit was dissolved."""

    class Kind(models.TextChoices):
        CONTINUE = "continue", _("tiếp nối")
        MERGE = "merge", _("hợp nhất")
        SPLIT = "split", _("chia tách")
        DISSOLVE = "dissolve", _("giải thể")

    predecessor = models.ForeignKey(Unit, models.PROTECT, related_name="succeeded_by", verbose_name=_("đơn vị trước"))
    successor = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="took_over", verbose_name=_("đơn vị kế tục")
    )
    effective_on = models.DateField(_("ngày hiệu lực"))
    kind = models.CharField(_("hình thức"), max_length=10, choices=Kind)
    legal_basis = models.CharField(_("căn cứ"), max_length=200, blank=True)
    source = models.CharField(_("nguồn"), max_length=200, blank=True)

    class Meta:
        ordering = ["effective_on", "predecessor__code"]
        verbose_name, verbose_name_plural = _("kế tục"), _("kế tục")
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
        ]

    def __str__(self):
        return f"{self.predecessor} → {self.successor or self.get_kind_display()}"


def successions_of(unit: Unit) -> models.QuerySet[Succession]:
    """Whom the unit took over from, and who took over from it, in the order of the days."""
    either = Succession.objects.filter(Q(successor=unit) | Q(predecessor=unit))
    return either.select_related("predecessor", "successor")


class EmulationOffice(models.Model):
    """Which unit is the emulation office of which unit, in which span (Vụ 16 until 30/06/2025)."""

    serves = models.ForeignKey(Unit, models.PROTECT, related_name="offices", verbose_name=_("phục vụ"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("cơ quan thường trực"))
    valid_from = models.DateField(_("từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    source = models.CharField(_("nguồn"), max_length=200, blank=True)

    class Meta:
        ordering = ["valid_from"]
        verbose_name, verbose_name_plural = _("cơ quan thi đua"), _("cơ quan thi đua")
        constraints = [span_constraint("emulation_office_span")]

    def __str__(self):
        return f"{self.unit} → {self.serves}"

    @classmethod
    def of(cls, unit: Unit, on: date | None = None) -> Unit | None:
        """The unit that was the emulation office of `unit` on the day (today if none is named)."""
        row = cls.objects.filter(valid_on(on or today()), serves=unit).select_related("unit").first()
        return row.unit if row else None
