"""Initiatives (sáng kiến): registered, recognised, used once as evidence (domain section 10)."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from awards.models.ledger import Level, PastAward
from portal.scope import SearchedQuerySet, inside
from portal.search.likeness import Likeness
from portal.text import fold
from units.models import Person, Posting, Unit
from units.models.papers import ForTheHead

ALIKE = 0.45  # share of trigrams in common from which two titles are shown side by side; the house's own bound


class InitiativeQuerySet(SearchedQuerySet["Initiative"]):
    def visible_to(self, user: Any) -> Self:
        """Initiatives of the units this person looks after, of authors who have come to these since, and one's own."""
        paths = user.staff_paths()
        came = Posting.objects.filter(inside(paths, "unit__path")).values("person")
        mine = InitiativeAuthor.objects.filter(Q(person__in=came) | Q(person=user.person_id or 0))
        return self.filter(inside(paths, "unit__path") | Q(pk__in=mine.values("initiative")))

    def for_list(self) -> Self:
        """With what a list shows."""
        return self.with_use().select_related("unit").prefetch_related("authors__person")

    def with_use(self) -> Self:
        """Annotated `used`: whether an award that stands used it."""
        return self.annotate(used=_standing_uses())

    def that_are_used(self, used: bool) -> Self:
        """Those that an award has used, or the others."""
        return self.filter(_standing_uses() if used else ~_standing_uses())

    def alike(self, title: str) -> Self:
        """Those with a title much like this one, whatever the accents; the nearest first."""
        near = self.annotate(likeness=Likeness("title_key", Value(fold(title))))
        return near.filter(likeness__gte=ALIKE).order_by("-likeness", "-pk")


def _standing_uses() -> Exists:
    return Exists(Initiative.used_for.through.objects.filter(initiative=OuterRef("pk"), pastaward__revoked_on=None))


class Initiative(ForTheHead):
    """A solution, project or study that was applied with effect (QĐ 619/QĐ-VKSTC; docs/domain, section 10)."""

    class Kind(models.TextChoices):
        SOLUTION = "solution", _("giải pháp")
        PROJECT = "project", _("đề án, đề tài")
        TOPIC = "topic", _("chuyên đề")

    class State(models.TextChoices):
        REGISTERED = "registered", _("đã đăng ký")
        RECOGNISED = "recognised", _("được công nhận")
        REFUSED = "refused", _("không được công nhận")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="initiatives", verbose_name=_("đơn vị"))
    title = models.CharField(_("tên sáng kiến"), max_length=400)
    kind = models.CharField(_("hình thức"), max_length=8, choices=Kind, default=Kind.SOLUTION)
    summary = models.TextField(_("nội dung, hiệu quả"), blank=True)
    first_applied_on = models.DateField(_("áp dụng lần đầu ngày"), null=True, blank=True)
    applied_for_on = models.DateField(_("ngày nộp đơn"), null=True, blank=True)
    scope = models.CharField(_("phạm vi"), max_length=6, choices=Level, default=Level.UNIT)
    state = models.CharField(max_length=10, choices=State, default=State.REGISTERED)
    recognition_number = models.CharField(_("số văn bản công nhận"), max_length=60, blank=True)
    recognised_on = models.DateField(_("ngày công nhận"), null=True, blank=True)
    recognised_by = models.CharField(_("cấp công nhận"), max_length=200, blank=True)
    # by each author for titles or for commendations, never for both (docs/domain, section 20)
    used_for = models.ManyToManyField(PastAward, blank=True, related_name="initiatives", verbose_name=_("đã dùng cho"))
    version = models.PositiveIntegerField(default=1)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    search = models.CharField(max_length=500, editable=False, default="")
    title_key = models.CharField(max_length=400, editable=False, default="")
    likeness: float  # of its title to the one that `alike` was asked about

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name, verbose_name_plural = _("sáng kiến"), _("sáng kiến")
        constraints = [
            models.CheckConstraint(
                name="initiative_recognition",
                condition=~Q(state="recognised") | (~Q(recognition_number="") & Q(recognised_on__isnull=False)),
                violation_error_message=_("Sáng kiến được công nhận phải có số và ngày của văn bản công nhận."),
            )
        ]
        indexes = [models.Index(fields=["unit", "-created_at"], name="initiative_list")]

    def __str__(self) -> str:
        return self.title

    def save(self, **kwargs: Any) -> None:
        self.derive()
        super().save(**kwargs)

    def get_absolute_url(self) -> str:
        return reverse("initiative", args=[self.pk])

    @cached_property
    def top(self) -> Unit:
        """The root above its unit, where the emulation office works."""
        return Unit.objects.get(path=self.unit.path[: self.unit.path.index("/", 1) + 1])

    def derive(self) -> None:
        """Set what follows from the other fields; save() does it, a bulk writer calls it."""
        self.search = fold(f"{self.title} {self.recognition_number}")[:500]
        self.title_key = fold(self.title)[:400]


class InitiativeAuthor(models.Model):
    """One of the authors, with the share agreed among them."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="authors", verbose_name=_("sáng kiến"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="authorships", verbose_name=_("tác giả"))
    share = models.PositiveSmallIntegerField(
        _("phần đóng góp (%)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )

    class Meta:
        ordering = ["pk"]
        verbose_name, verbose_name_plural = _("tác giả"), _("tác giả sáng kiến")
        constraints = [models.UniqueConstraint(fields=["initiative", "person"], name="initiative_author_once")]

    def __str__(self) -> str:
        return str(self.person)
