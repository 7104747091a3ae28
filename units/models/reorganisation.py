"""A change of the hierarchy: steps under one document and one effective day."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.codes import UNIT_CODE
from portal.days import today
from portal.scope import SearchedQuerySet, inside
from portal.text import fold
from units.models.units import Kind as UnitKind
from units.models.units import Unit

EARLIEST = date(1945, 1, 1)  # the house's own bound: what lies before it is a slip of the pen


class ReorganisationQuerySet(SearchedQuerySet["Reorganisation"]):
    def visible_to(self, user) -> ReorganisationQuerySet:
        """Reorganisations of what this person administers; nobody else has to do with them."""
        return self.filter(inside(user.admin_paths(), self.path_lookup))

    def for_list(self) -> ReorganisationQuerySet:
        """With what a line shows; what undo needs may be large and stays in the database."""
        return self.select_related("unit", "by__person").defer("effects")

    def waiting(self) -> ReorganisationQuerySet:
        """Approved, and not executed yet."""
        return self.filter(state=Reorganisation.State.APPROVED)

    def naming(self, *codes: str) -> ReorganisationQuerySet:
        """Those of which a step names one of the codes."""
        named = Q(pk__in=[])
        for code in codes:
            named |= Q(codes__icontains=f"|{code}|")
        return self.filter(pk__in=ReorganisationStep.objects.filter(named).values("reorganisation"))


class Reorganisation(models.Model):
    """A plan by which units end and begin on one day; `unit` is the unit below which it may change things."""

    class State(models.TextChoices):
        DRAFT = "draft", _("đang soạn")
        SUBMITTED = "submitted", _("chờ duyệt")
        APPROVED = "approved", _("đã duyệt, chờ đến ngày")
        EXECUTED = "executed", _("đã thực hiện")
        UNDONE = "undone", _("đã hoàn tác")
        CANCELLED = "cancelled", _("đã hủy")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="reorganisations", verbose_name=_("phạm vi"))
    title = models.CharField(_("tên phương án"), max_length=200)
    document_number = models.CharField(_("số văn bản"), max_length=60, blank=True)
    document_date = models.DateField(_("ngày văn bản"), null=True, blank=True)
    document_issuer = models.CharField(_("cơ quan ban hành"), max_length=120, blank=True)
    effective_on = models.DateField(_("ngày hiệu lực"), validators=[MinValueValidator(EARLIEST)])
    note = models.TextField(_("ghi chú"), blank=True, max_length=2000)
    single = models.BooleanField(default=False, editable=False)  # one change of the tree editor: no second person
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người soạn"))
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    executed_at = models.DateTimeField(null=True, blank=True)
    effects = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)  # what undo puts back
    search = models.CharField(max_length=450, editable=False, default="")

    objects = ReorganisationQuerySet.as_manager()

    class Meta:
        ordering = ["-effective_on", "-pk"]
        verbose_name, verbose_name_plural = _("phương án sắp xếp"), _("phương án sắp xếp")
        indexes = [models.Index(fields=["state", "effective_on"], name="reorganisation_due")]

    def __str__(self):
        return self.title

    def save(self, **kwargs):
        self.search = fold(f"{self.title} {self.document_number} {self.document_issuer}")
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search"}
        super().save(**kwargs)

    def get_absolute_url(self):
        return reverse("reorganisation_detail", args=[self.pk])

    @property
    def document(self) -> str:
        """The document in one line: number, day, who issued it."""
        day = f"{self.document_date:%d/%m/%Y}" if self.document_date else ""
        return ", ".join(part for part in (self.document_number, day, self.document_issuer) if part)

    @property
    def due(self) -> bool:
        """Whether its day has come."""
        return self.effective_on <= today()


class ReorganisationStep(models.Model):
    """`sources` end the day before, the unit described begins on the day; units are named by code.

    `people`, `roles` and `papers` say what of the sources goes along; left empty, the default of the kind counts
    (docs/reorganisation.md, What goes along).
    """

    class Kind(models.TextChoices):
        CREATE = "create", _("lập mới")
        RENAME = "rename", _("đổi tên")
        MOVE = "move", _("chuyển cấp trên")
        MERGE = "merge", _("hợp nhất, sáp nhập")
        SPLIT = "split", _("chia tách")
        DISSOLVE = "dissolve", _("giải thể")

    class Roles(models.TextChoices):
        ALL = "all", _("mọi vai trò")
        NO_HEADS = "no_heads", _("trừ thủ trưởng")
        NONE = "none", _("không vai trò nào")

    # a renamed or moved unit is the same body of people; a merged one gets a head by appointment, so the old heads'
    # right to submit ends; of a split unit nobody can say who goes where but the people who split it
    DEFAULTS: dict[str, tuple[bool, str, bool]] = {
        Kind.RENAME: (True, Roles.ALL, True),
        Kind.MOVE: (True, Roles.ALL, True),
        Kind.MERGE: (True, Roles.NO_HEADS, True),
        Kind.SPLIT: (False, Roles.NONE, False),
        Kind.DISSOLVE: (False, Roles.NONE, False),
        Kind.CREATE: (False, Roles.NONE, False),
    }

    reorganisation = models.ForeignKey(Reorganisation, models.CASCADE, related_name="steps")
    order = models.PositiveIntegerField(_("bước"), default=1)
    kind = models.CharField(_("việc"), max_length=10, choices=Kind)
    sources = models.JSONField(_("đơn vị hiện nay (mã)"), default=list, blank=True)
    code = models.CharField(_("mã mới"), max_length=20, blank=True, validators=[UNIT_CODE])
    name_vi = models.CharField(_("tên mới"), max_length=200, blank=True)
    name_en = models.CharField(_("tên tiếng Anh"), max_length=200, blank=True)
    short_name = models.CharField(_("tên gọi tắt"), max_length=100, blank=True)
    unit_kind = models.CharField(_("loại đơn vị"), max_length=12, choices=UnitKind, blank=True)
    parent_code = models.CharField(_("mã đơn vị cấp trên"), max_length=20, blank=True)
    seat = models.CharField(_("trụ sở"), max_length=100, blank=True)
    people = models.BooleanField(_("cán bộ, tập thể đi theo"), null=True, blank=True)
    roles = models.CharField(_("vai trò đi theo"), max_length=8, choices=Roles, blank=True)
    papers = models.BooleanField(_("hồ sơ đang làm đi theo"), null=True, blank=True)
    codes = models.TextField(editable=False, default="")

    class Meta:
        ordering = ["order", "pk"]
        verbose_name, verbose_name_plural = _("bước sắp xếp"), _("bước sắp xếp")

    def __str__(self):
        return f"{self.order}. {self.get_kind_display()}: {', '.join(self.sources)} → {self.code}"

    def save(self, **kwargs):
        self.derive()
        super().save(**kwargs)

    def derive(self) -> None:
        """Set the column by which a step is found from a code; save() does it, a bulk writer calls it."""
        self.codes = "|" + "|".join([*self.sources, self.code, self.parent_code]) + "|"

    @property
    def takes(self) -> tuple[bool, str, bool]:
        """(people, roles, papers) that go along: as chosen, else as the kind has it."""
        people, roles, papers = self.DEFAULTS[self.kind]
        return (
            people if self.people is None else self.people,
            self.roles or roles,
            papers if self.papers is None else self.papers,
        )
