"""A campaign and all that its plan says, as rows."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.codes import CODE, OnceInAnyCase
from portal.days import today
from portal.scope import SearchedQuerySet, inside
from portal.text import fold
from units.models import Unit
from units.models.papers import ForTheHead
from units.models.units import Kind


class CampaignQuerySet(SearchedQuerySet["Campaign"]):
    def visible_to(self, user) -> CampaignQuerySet:
        """Campaigns launched above, at or below the person's units; drafts only to those who prepare them."""
        paths = user.reading_paths()
        above = Q(pk__in=[])
        for path in paths:
            codes = path.strip("/").split("/")
            above |= Q(unit__path__in=["/" + "/".join(codes[: i + 1]) + "/" for i in range(len(codes))])
        authors = [u.pk for u in user.units_where("read_campaign_drafts")]
        launched = (inside(paths, "unit__path") | above) & ~Q(state=Campaign.State.DRAFT)
        return self.filter(launched | Q(state=Campaign.State.DRAFT, unit__in=authors))

    def standing(self, name: str) -> CampaignQuerySet:
        """Those that stand so on this day, by the rule of `Campaign.standing`; one that is over counts as closed."""
        live = Q(state=Campaign.State.LAUNCHED, historical=False)
        began = live & (Q(starts_on=None) | Q(starts_on__lte=today()))
        over = Q(ends_on__isnull=False, ends_on__lt=today())
        rules = {
            "launched": began & ~over,
            "upcoming": live & ~began,
            "closed": Q(state=Campaign.State.CLOSED, historical=False) | (began & over),
            "historical": Q(historical=True),
        }
        return self.filter(rules.get(name) or Q(state=name))

    def for_list(self) -> CampaignQuerySet:
        """With what a list shows."""
        return self.select_related("unit", "parent")


class Campaign(ForTheHead):
    """An emulation campaign (phong trào thi đua): regular or thematic, by the Law 06/2022/QH15, article 16."""

    class Kind(models.TextChoices):
        SPECIAL = "special", _("Đặc biệt (theo đợt)")
        THEMATIC = "thematic", _("Theo chuyên đề")
        REGULAR = "regular", _("Thường xuyên")

    class State(models.TextChoices):
        DRAFT = "draft", _("Đang soạn")
        LAUNCHED = "launched", _("Đang diễn ra")
        CLOSED = "closed", _("Đã kết thúc")
        CANCELLED = "cancelled", _("Đã hủy")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="campaigns", verbose_name=_("đơn vị phát động"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("thuộc phong trào")
    )
    cloned_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="clones", editable=False
    )
    code = models.CharField(_("mã phong trào"), max_length=40, unique=True, validators=[CODE])
    title = models.CharField(_("tên phong trào"), max_length=300)
    kind = models.CharField(_("hình thức thi đua"), max_length=10, choices=Kind, default=Kind.THEMATIC)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    objective = models.TextField(_("mục tiêu"), blank=True)
    scope = models.TextField(_("phạm vi"), blank=True)
    subjects = models.TextField(_("đối tượng"), blank=True)
    context = models.TextField(_("dẫn nhập của phần nội dung"), blank=True)
    starts_on = models.DateField(_("ngày bắt đầu"), null=True, blank=True)
    ends_on = models.DateField(_("ngày kết thúc"), null=True, blank=True)
    launched_at = models.DateTimeField(_("phát động lúc"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    historical = models.BooleanField(
        _("hồ sơ lịch sử"),
        default=False,
        editable=False,
        help_text=_("Phong trào đã diễn ra trước khi có cổng: để đọc và sao chép, không giao nghĩa vụ."),
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    search = models.TextField(editable=False, default="")

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-launched_at", "-pk"]
        verbose_name, verbose_name_plural = _("phong trào"), _("phong trào")
        constraints = [
            models.CheckConstraint(
                name="campaign_span",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("Ngày kết thúc phải sau hoặc cùng ngày bắt đầu."),
            ),
            OnceInAnyCase(
                Upper("code"),
                name="campaign_code_once",
                violation_error_message=_("Mã phong trào này đã có; chữ hoa và chữ thường được coi là một."),
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, **kwargs):
        self.search = fold(f"{self.code} {self.title}")
        super().save(**kwargs)

    def get_absolute_url(self):
        return reverse("campaign_detail", args=[self.pk])

    @property
    def desk(self) -> Unit:
        """A campaign never leaves the unit that issues it."""
        return self.unit

    @property
    def standing(self) -> str:
        """Its state on this day, in words: what begins tomorrow does not run, and a historical record never does."""
        if self.historical:
            return gettext("Hồ sơ lịch sử")
        if self.state == self.State.LAUNCHED and self.starts_on and self.starts_on > today():
            return gettext("Sắp diễn ra")
        if self.state == self.State.LAUNCHED and self.ends_on and self.ends_on < today():
            return gettext("Đã hết thời gian")
        return str(self.get_state_display())

    @property
    def running(self) -> bool:
        """Whether units may still answer."""
        return self.state == self.State.LAUNCHED and not self.historical


class LegalDocument(models.Model):
    """A document the campaign rests on, or the plan that opens it."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="documents")
    is_plan = models.BooleanField(_("là kế hoạch phát động"), default=False)
    number = models.CharField(_("số, ký hiệu"), max_length=60)
    dated = models.DateField(_("ngày ban hành"), null=True, blank=True)
    issuer = models.CharField(_("cơ quan ban hành"), max_length=200)
    title = models.CharField(_("trích yếu"), max_length=500)
    file = models.FileField(_("tệp"), upload_to="documents/", blank=True)
    file_name = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        ordering = ["-is_plan", "dated", "pk"]
        verbose_name, verbose_name_plural = _("văn bản"), _("văn bản")

    def __str__(self):
        return f"{self.number} – {self.title}"


class Ordered(models.Model):
    """A row that has its place in a campaign's list."""

    order = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta:
        abstract = True
        ordering = ["order", "pk"]


class Phase(Ordered):
    """A stretch of the campaign."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="phases")
    title = models.CharField(_("giai đoạn"), max_length=200)
    starts_on = models.DateField(_("từ ngày"), null=True, blank=True)
    ends_on = models.DateField(_("đến ngày"), null=True, blank=True)

    class Meta(Ordered.Meta):
        verbose_name, verbose_name_plural = _("giai đoạn"), _("giai đoạn")

    def __str__(self):
        return self.title


class ContentArea(Ordered):
    """One of the campaign's content areas (nội dung thi đua); every plan answers each."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="areas")
    code = models.CharField(_("mã"), max_length=10)
    title = models.CharField(_("nội dung"), max_length=300)
    summary = models.TextField(_("yêu cầu cụ thể"), blank=True)

    class Meta(Ordered.Meta):
        verbose_name, verbose_name_plural = _("nội dung thi đua"), _("nội dung thi đua")
        constraints = [models.UniqueConstraint(fields=["campaign", "code"], name="area_code_once")]

    def __str__(self):
        return f"{self.code}. {self.title}"


class Criterion(Ordered):
    """By what an area is judged; points belong to the scoring of a later day."""

    area = models.ForeignKey(ContentArea, models.CASCADE, related_name="criteria")
    text = models.CharField(_("tiêu chí"), max_length=400)
    points = models.DecimalField(_("điểm"), max_digits=6, decimal_places=2, null=True, blank=True)

    class Meta(Ordered.Meta):
        verbose_name, verbose_name_plural = _("tiêu chí"), _("tiêu chí")

    def __str__(self):
        return self.text


class Solution(Ordered):
    """A measure by which the campaign is carried out (biện pháp, giải pháp)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="solutions")
    title = models.CharField(_("giải pháp"), max_length=200)
    text = models.TextField(_("cách làm"), blank=True)

    class Meta(Ordered.Meta):
        verbose_name, verbose_name_plural = _("giải pháp"), _("giải pháp")

    def __str__(self):
        return self.title


class MeritField(Ordered):
    """A field of merit for which the campaign commends."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="merit_fields")
    code = models.CharField(_("mã"), max_length=10)
    title = models.CharField(_("lĩnh vực thành tích"), max_length=400)

    class Meta(Ordered.Meta):
        verbose_name, verbose_name_plural = _("lĩnh vực khen thưởng"), _("lĩnh vực khen thưởng")

    def __str__(self):
        return self.title


DEFAULT_OFFSETS = (-14, -7, -3, -1, 0, 1, 3, 7)


def default_offsets() -> list[int]:
    """Days from the due day on which a unit is reminded."""
    return list(DEFAULT_OFFSETS)


class Milestone(models.Model):
    """What units of some kinds owe by a moment; a moment that is unknown stays empty."""

    class Kind(models.TextChoices):
        REGISTRATION = "registration", _("Đăng ký kế hoạch hưởng ứng")
        INTERIM = "interim", _("Báo cáo sơ kết")
        FINAL = "final", _("Báo cáo tổng kết")
        NOMINATION = "nomination", _("Đề nghị khen thưởng")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="milestones")
    kind = models.CharField(_("mốc"), max_length=12, choices=Kind)
    due_at = models.DateTimeField(_("hạn"), null=True, blank=True)
    owed_by = models.JSONField(_("loại đơn vị phải thực hiện"), default=list, blank=True)
    offsets = models.JSONField(_("ngày nhắc"), default=default_offsets)

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name, verbose_name_plural = _("mốc"), _("mốc")
        constraints = [models.UniqueConstraint(fields=["campaign", "kind"], name="milestone_once")]

    def __str__(self):
        return self.get_kind_display()

    @property
    def way(self) -> str:
        """How and to whom it is delivered: plans and papers within the portal, reports still outside it."""
        words = {
            self.Kind.REGISTRATION: gettext("Gửi kế hoạch trên cổng, đến %(to)s"),
            self.Kind.NOMINATION: gettext("Gửi tờ trình trên cổng, đến %(to)s"),
        }
        to = {"to": self.campaign.unit.label}
        return words.get(self.Kind(self.kind), gettext("Gửi bằng văn bản đến %(to)s, không gửi trên cổng")) % to

    @property
    def owed_by_labels(self) -> list[str]:
        """The kinds of unit in words."""
        return [str(Kind(kind).label) for kind in self.owed_by]
