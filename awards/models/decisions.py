"""Decisions: what awards are given by, and what annuls them."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from awards.models.ledger import PastAward, award_label
from awards.models.nominations import Nomination
from portal.models.files import StoredFile
from portal.scope import SearchedQuerySet, inside
from portal.text import fold
from units.models import Unit

USER = settings.AUTH_USER_MODEL


class DecisionQuerySet(SearchedQuerySet["Decision"]):
    def visible_to(self, user: Any) -> Self:
        """Every decision of the units whose decisions the person prepares or inspects, and those issued that reach
        the units they read for."""
        own = Q(unit__in=user.units_where("read_decisions"))
        paths = user.reading_paths()
        reached = DecisionReceipt.objects.filter(inside(paths, "unit__path")).values("decision")
        issued = Q(state=Decision.State.ISSUED) & (inside(paths, "unit__path") | Q(pk__in=reached))
        return self.filter(own | issued)


class Decision(models.Model):
    """One decision of a unit's head, or one from above that the unit writes down: draft, put for signing, issued.

    What was issued is corrected or annulled only by a further decision that names it (`annuls`).
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("đang soạn")
        SIGNING = "signing", _("đang trình ký")
        ISSUED = "issued", _("đã ban hành")
        DROPPED = "dropped", _("đã bỏ")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="decisions", verbose_name=_("đơn vị ban hành"))
    state = models.CharField(_("tình trạng"), max_length=7, choices=State, default=State.DRAFT)
    title = models.CharField(_("trích yếu"), max_length=300)
    number = models.CharField(_("số quyết định"), max_length=60, blank=True)
    dated = models.DateField(_("ngày quyết định"), null=True, blank=True)
    issuer = models.CharField(_("người, cơ quan quyết định"), max_length=200)
    signatory = models.CharField(_("người ký"), max_length=200, blank=True)
    bases = models.TextField(_("căn cứ"), max_length=4000, blank=True)
    annuls = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="annulled_by", verbose_name=_("hủy quyết định")
    )
    reason = models.TextField(_("lý do hủy"), max_length=500, blank=True)
    sent_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, editable=False, related_name="+")
    issued_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_by = models.ForeignKey(USER, models.PROTECT, editable=False, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    token = models.UUIDField(unique=True, editable=False)  # of the form that made it: sent twice, made once
    version = models.PositiveIntegerField(default=1, editable=False)
    search = models.CharField(max_length=600, editable=False, default="")

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name, verbose_name_plural = _("quyết định"), _("quyết định")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "number", "dated"], condition=Q(state="issued"), name="decision_number_once"
            ),
            models.CheckConstraint(
                name="decision_issued_whole", condition=~Q(state="issued") | ~Q(number="") & Q(dated__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["unit", "state", "-id"], name="decision_list")]

    def __str__(self) -> str:
        return self.title

    def save(self, **kwargs: Any) -> None:
        self.search = fold(f"{self.title} {self.number} {self.issuer}")[:600]
        super().save(**kwargs)

    def get_absolute_url(self) -> str:
        return reverse("decision", args=[self.pk])

    @property
    def editable(self) -> bool:
        """Whether its words and lines may still change."""
        return self.state == self.State.DRAFT


class DecisionLine(models.Model):
    """One award that the decision gives, or one of the ledger that it annuls."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="lines")
    nomination = models.ForeignKey(
        Nomination, models.PROTECT, null=True, blank=True, related_name="decision_lines", verbose_name=_("đề nghị")
    )
    past_award = models.ForeignKey(  # what came of it in the ledger, or what is annulled
        PastAward, models.PROTECT, null=True, blank=True, related_name="decision_lines"
    )
    stands = models.BooleanField(default=True)  # no more once its decision was dropped

    class Meta:
        ordering = ["pk"]
        verbose_name, verbose_name_plural = _("dòng quyết định"), _("dòng quyết định")
        constraints = [
            models.CheckConstraint(
                name="decision_line_of_one", condition=Q(nomination__isnull=False) | Q(past_award__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["nomination"], condition=Q(stands=True, nomination__isnull=False), name="decided_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.nomination or self.past_award)

    @property
    def what(self) -> Nomination | PastAward:
        """The nomination that is awarded, or the award that is annulled."""
        found = self.nomination or self.past_award
        assert found is not None  # noqa: S101 -- the constraint holds it
        return found

    @property
    def award_words(self) -> str:
        """The award by its name."""
        return award_label(self.what.award)


class DecisionReceipt(models.Model):
    """A unit that a decision reaches, and who confirmed there that it has arrived."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="receipts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("đơn vị"))
    confirmed_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["unit__path"]
        verbose_name, verbose_name_plural = _("nơi nhận quyết định"), _("nơi nhận quyết định")
        constraints = [models.UniqueConstraint(fields=["decision", "unit"], name="decision_receipt_once")]

    def __str__(self) -> str:
        return f"{self.decision} → {self.unit}"


class DecisionFile(StoredFile):
    """The signed decision, scanned or with a digital signature."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="files")
    file = models.FileField(upload_to="decisions/")

    class Meta(StoredFile.Meta):
        verbose_name, verbose_name_plural = _("bản ký của quyết định"), _("bản ký của quyết định")

    @property
    def paper(self) -> Decision:
        return self.decision
