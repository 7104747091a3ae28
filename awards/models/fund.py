"""The emulation fund (quỹ thi đua, khen thưởng): what came in, what was paid to whom, what is left."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from awards.models.ledger import PastAward
from campaigns.models import Campaign
from portal.scope import ScopedQuerySet
from units.models import Unit

USER = settings.AUTH_USER_MODEL


class Fund(models.Model):
    """The fund that a unit keeps; every balance follows from what stood in it at first. Amounts are whole đồng."""

    unit = models.OneToOneField(Unit, models.PROTECT, related_name="fund", verbose_name=_("đơn vị giữ quỹ"))
    first_year = models.PositiveSmallIntegerField(_("năm đầu ghi trên cổng"))
    opening = models.PositiveBigIntegerField(_("số dư đầu năm đó (đồng)"))
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["unit__path"]
        verbose_name, verbose_name_plural = _("quỹ thi đua, khen thưởng"), _("quỹ thi đua, khen thưởng")

    def __str__(self) -> str:
        return str(self.unit)

    def get_absolute_url(self) -> str:
        return reverse("fund", args=[self.pk])


class FundMovementQuerySet(models.QuerySet["FundMovement"]):
    def standing(self) -> FundMovementQuerySet:
        """Those that were not struck out."""
        return self.filter(cancelled_at=None)


class FundMovement(models.Model):
    """One line of a fund's book; a wrong one is struck out with a reason and stays to be read."""

    class Kind(models.TextChoices):
        INCOME = "income", _("thu vào quỹ")
        PAID = "paid", _("chi tiền thưởng")
        SPENT = "spent", _("chi khác")
        RECOVERED = "recovered", _("thu hồi tiền thưởng")
        BUDGET = "budget", _("dự toán cho phong trào")

    class Source(models.TextChoices):
        STATE = "state", _("ngân sách nhà nước")
        GIVEN = "given", _("tổ chức, cá nhân đóng góp")
        OTHER = "other", _("nguồn khác")

    INTO = (Kind.INCOME, Kind.RECOVERED)
    OUT = (Kind.PAID, Kind.SPENT)

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="movements")
    kind = models.CharField(_("loại"), max_length=9, choices=Kind)
    source = models.CharField(_("nguồn thu"), max_length=5, choices=Source, blank=True)
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("phong trào")
    )
    award = models.ForeignKey(  # that was revoked, where its bonus comes back
        PastAward, models.PROTECT, null=True, blank=True, related_name="recoveries", verbose_name=_("khen thưởng")
    )
    amount = models.PositiveBigIntegerField(_("số tiền (đồng)"))
    on = models.DateField(_("ngày"))
    document = models.CharField(_("chứng từ"), max_length=200)
    note = models.CharField(_("nội dung"), max_length=500, blank=True)
    token = models.UUIDField(unique=True, editable=False)  # of the form that made it: sent twice, made once
    entered_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancelled_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, editable=False, related_name="+")
    cancelled_why = models.CharField(_("lý do gạch bỏ"), max_length=500, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = FundMovementQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name, verbose_name_plural = _("dòng sổ quỹ"), _("dòng sổ quỹ")
        constraints = [
            models.CheckConstraint(name="fund_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="fund_source",
                condition=Q(kind="income") & ~Q(source="") | ~Q(kind="income") & Q(source=""),
                violation_error_message=_("Khoản thu phải có nguồn."),
            ),
            models.CheckConstraint(
                name="fund_budget_campaign",
                condition=~Q(kind="budget") | Q(campaign__isnull=False),
                violation_error_message=_("Dự toán phải theo một phong trào."),
            ),
            models.CheckConstraint(name="fund_recovered_award", condition=Q(award__isnull=True) | Q(kind="recovered")),
        ]
        indexes = [models.Index(fields=["fund", "-on", "-id"], name="fund_book")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"

    @property
    def signed(self) -> int:
        """What it does to the balance."""
        return self.amount if self.kind in self.INTO else -self.amount if self.kind in self.OUT else 0


class BonusPayment(models.Model):
    """The bonus of one award, paid by one movement; an award is paid once."""

    movement = models.ForeignKey(FundMovement, models.PROTECT, related_name="payments")
    award = models.ForeignKey(PastAward, models.PROTECT, related_name="payments")
    amount = models.PositiveBigIntegerField()
    stands = models.BooleanField(default=True)  # no more once its movement was struck out

    class Meta:
        ordering = ["pk"]
        verbose_name, verbose_name_plural = _("tiền thưởng đã chi"), _("tiền thưởng đã chi")
        constraints = [
            models.UniqueConstraint(fields=["award"], condition=Q(stands=True), name="bonus_paid_once"),
        ]

    def __str__(self) -> str:
        return f"{self.award} {self.amount}"
