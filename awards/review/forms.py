"""What the office asks and says at its review desk."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from awards.law import standards
from awards.models import Assignment, CampaignAward, Check, Comment, Nomination, Opinion
from awards.models.nominations import NominationQuerySet
from awards.review import services as review
from campaigns.models import Campaign
from portal.days import end_of, today, working_days_later
from portal.web.forms import BootstrapFormMixin, CleanCharField, DayField, Filter, errors, field_of
from portal.web.forms.numbers import NumberField
from portal.web.forms.picking import PickField
from portal.web.rendering import ROWS
from portal.web.seen import Versioned
from units.models import Person, Unit, User

N = Nomination.State
EVERYTHING = [("", _("Tất cả"))]
NOTE = {"rows": 3}


def _day(label: Any, days: int) -> DayField:
    """A day in the future, proposed so many working days from now; it means the end of that day."""
    return DayField(
        label=label,
        initial=lambda: working_days_later(today(), days),
        help_text=_("Hạn là 23:59 của ngày này."),
    )


def _future(day: date) -> date:
    if end_of(day) <= timezone.now() or day > today() + timedelta(days=366):
        raise forms.ValidationError(_("Hạn phải ở trong tương lai, không quá một năm."))
    return day


class QueueFilter(Filter):
    """What part of the queue is shown; a value that means nothing is passed over."""

    q = forms.CharField(label=_("Tìm"), required=False, max_length=200)
    state = forms.ChoiceField(
        label=_("Trạng thái"),
        required=False,
        choices=[
            ("", _("Chờ thẩm định")),
            ("all", _("Tất cả")),
            *((str(s), s.label) for s in Nomination.SENT),
        ],
    )
    who = forms.ChoiceField(
        label=_("Người thẩm định"),
        required=False,
        choices=[
            ("", _("Tất cả")),
            ("mine", _("Giao cho tôi")),
            ("nobody", _("Chưa giao")),
            ("done", _("Tôi đã thẩm định xong")),
        ],
    )
    award = forms.ChoiceField(label=_("Danh hiệu, hình thức"), required=False)
    campaign = forms.ChoiceField(label=_("Phong trào"), required=False)
    pencil = forms.ChoiceField(  # so it is called in addresses that people keep
        label=_("Kết quả dự kiến"),
        required=False,
        choices=[("", _("Tất cả")), *Nomination.Result.choices, ("none", _("chưa có"))],
    )
    fast = forms.BooleanField(label=_("Chỉ thủ tục đơn giản"), required=False)

    def __init__(self, data: Any, user: User):
        super().__init__(data)
        self.user = user
        names = {code: award.label for edition in standards.editions() for code, award in edition.awards.items()}
        field_of(self, "award", forms.ChoiceField).choices = EVERYTHING + sorted(
            names.items(), key=lambda pair: str(pair[1])
        )
        opened = CampaignAward.objects.filter(campaign=OuterRef("pk"))
        running = Campaign.objects.visible_to(user).filter(Exists(opened)).values_list("pk", "title")[:100]
        field_of(self, "campaign", forms.ChoiceField).choices = [*EVERYTHING, ("none", _("Ngoài phong trào")), *running]

    def narrow(self, rows: NominationQuerySet) -> NominationQuerySet:
        """The rows that were asked for."""
        asked = self.asked
        state = asked.get("state", "")
        if not state:
            rows = rows.filter(state__in=review.WAITING)
        elif state != "all":
            rows = rows.filter(state=state)
        if words := asked.get("q"):
            rows = rows.matching(words)
        who = asked.get("who")
        if who == "mine":
            rows = rows.filter(assignments__reviewer=self.user, assignments__done_at=None)
        elif who == "done":
            rows = rows.filter(assignments__reviewer=self.user, assignments__done_at__isnull=False)
        elif who == "nobody":
            rows = rows.filter(~Exists(Assignment.objects.filter(nomination=OuterRef("pk"))))
        if award := asked.get("award"):
            rows = rows.filter(award=award)
        if campaign := asked.get("campaign"):
            rows = rows.filter(submission__campaign=None if campaign == "none" else campaign)
        if result := asked.get("pencil"):
            rows = rows.filter(draft_result="" if result == "none" else result)
        if asked.get("fast"):
            rows = rows.filter(submission__procedure="simplified")
        return rows


class JudgeForm(BootstrapFormMixin, Versioned):
    """The checklist of the award and the result as a draft."""

    default_renderer = ROWS  # a verdict and a note for each of its lines

    result = forms.ChoiceField(
        label=_("Kết quả dự kiến"),
        required=False,
        choices=[("", _("để ngỏ")), *Nomination.Result.choices],
        widget=forms.RadioSelect,
    )
    note = CleanCharField(
        label=_("Lý do, ghi chú (đơn vị chỉ thấy khi công bố)"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs=NOTE),
    )

    def __init__(self, data: Any = None, *, items: list[tuple[str, str]], begun: bool = False, **kwargs: Any):
        super().__init__(data, **kwargs)
        self.items, self.begun = items, begun or data is not None
        for place, (_key, words) in enumerate(items):
            self.fields[f"v{place}"] = forms.ChoiceField(
                label=words,
                required=False,
                choices=[("", "–"), *Check.Verdict.choices],
            )
            self.fields[f"n{place}"] = CleanCharField(
                label=_("Ghi chú"),
                required=False,
                max_length=300,
            )

    def lines(self) -> list[dict[str, Any]]:
        """The checklist as rows for the page."""
        return [
            {"words": words, "verdict": self[f"v{place}"], "note": self[f"n{place}"]}
            for place, (_key, words) in enumerate(self.items)
        ]

    def verdicts(self) -> dict[str, tuple[str, str]]:
        """Item → (verdict, note), of the lines that are right."""
        data = self.cleaned_data
        pairs = [(key, f"v{place}", f"n{place}") for place, (key, _words) in enumerate(self.items)]
        return {key: (data[v], data[n]) for key, v, n in pairs if v in data and n in data}

    def sound(self) -> bool:
        """Whether a draft can take it but for single fields."""
        self.is_valid()
        return not self.non_field_errors() and errors.offered(self)

    def drafted(self, nomination: Nomination) -> tuple[str, str]:
        """Result and reason; as they are stored while they are not right together."""
        if self.errors.keys() & {"result", "note"}:
            return nomination.draft_result, nomination.draft_result_note
        return self.cleaned_data["result"], self.cleaned_data["note"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if data.get("result") == Nomination.Result.UNFIT and not data.get("note"):
            self.add_error("note", _("Hãy ghi lý do không đủ điều kiện."))
        return data


class CommentForm(BootstrapFormMixin, forms.Form):
    audience = forms.ChoiceField(
        label=_("Ai đọc được"),
        choices=Comment.Audience.choices,
        initial=Comment.Audience.OFFICE,
        widget=forms.RadioSelect,
    )
    text = CleanCharField(label=_("Góp ý"), max_length=2000, widget=forms.Textarea(attrs=NOTE))


class MoreForm(BootstrapFormMixin, Versioned):
    default_renderer = ROWS  # every part of a dossier

    """What the unit has to add, and by when; only these parts are open to it again."""

    fields_asked = forms.MultipleChoiceField(label=_("Phần mở lại cho đơn vị"), widget=forms.CheckboxSelectMultiple)
    text = CleanCharField(label=_("Cần bổ sung gì"), max_length=2000, widget=forms.Textarea(attrs=NOTE))
    due = _day(_("Hạn bổ sung"), 5)

    def __init__(self, data: Any = None, *, parts: list[tuple[str, Any]], **kwargs: Any):
        super().__init__(data, **kwargs)
        field_of(self, "fields_asked", forms.ChoiceField).choices = parts

    def clean_due(self) -> date:
        return _future(self.cleaned_data["due"])


class OpinionForm(BootstrapFormMixin, forms.Form):
    """Which unit is asked, what, and by when."""

    unit = PickField(
        "units_of_today", label=_("Đơn vị được hỏi"), help_text=_("Ghi một phần tên, có dấu hay không dấu.")
    )
    question = CleanCharField(label=_("Hỏi về"), max_length=1000, widget=forms.Textarea(attrs=NOTE))
    due = _day(_("Hạn trả lời"), 5)

    def __init__(self, *args: Any, by: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field_of(self, "unit", PickField).open_to(by)

    def clean_due(self) -> date:
        return _future(self.cleaned_data["due"])


class AnswerForm(BootstrapFormMixin, forms.Form):
    answer = forms.ChoiceField(
        label=_("Ý kiến của đơn vị"),
        choices=Opinion.Answer.choices,
        widget=forms.RadioSelect,
    )
    text = CleanCharField(
        label=_("Nội dung ý kiến"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs=NOTE),
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if data.get("answer") == Opinion.Answer.DISAGREE and not data.get("text"):
            self.add_error("text", _("Hãy ghi lý do không nhất trí."))
        return data


class AssignForm(BootstrapFormMixin, forms.Form):
    """Among whom the waiting dossiers are spread, how, and how many one may hold."""

    reviewer = forms.MultipleChoiceField(label=_("Người thẩm định"), widget=forms.CheckboxSelectMultiple)
    group = forms.ChoiceField(
        label=_("Giữ cùng nhau"),
        choices=[("unit", _("hồ sơ của một đơn vị")), ("award", _("hồ sơ của một danh hiệu, hình thức"))],
        initial="unit",
        widget=forms.RadioSelect,
    )
    cap = NumberField(
        label=_("Mỗi người giữ nhiều nhất"),
        min_value=1,
        max_value=500,
        initial=review.CAP,
    )

    def __init__(self, data: Any = None, *, reviewers: list[User], **kwargs: Any):
        super().__init__(data, **kwargs)
        self.reviewers = reviewers
        field = field_of(self, "reviewer", forms.ChoiceField)
        field.choices = [(str(r.pk), str(r)) for r in reviewers]
        field.initial = [str(r.pk) for r in reviewers]

    def chosen(self) -> list[User]:
        """The reviewers that were ticked."""
        return [r for r in self.reviewers if str(r.pk) in self.cleaned_data["reviewer"]]


class ConflictForm(BootstrapFormMixin, forms.Form):
    """A conflict of one's own: with a unit or with a person."""

    whom = PickField("conflicts", label=_("Đơn vị hoặc cán bộ"), help_text=_("Ghi một phần tên, có dấu hay không dấu."))
    reason = CleanCharField(label=_("Lý do"), max_length=300, widget=forms.Textarea(attrs=NOTE))

    def __init__(self, *args: Any, by: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field_of(self, "whom", PickField).open_to(by)

    @property
    def told(self) -> dict[str, Any]:
        """What `services.declare` takes."""
        whom = self.cleaned_data["whom"]
        unit, person = (whom if isinstance(whom, kind) else None for kind in (Unit, Person))
        return {"unit": unit, "person": person, "reason": self.cleaned_data["reason"]}
