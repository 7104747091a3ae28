"""How each value of an edition's tables stands in a form, and goes back into the table as it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from awards.editions.tables import Law
from awards.law.standards.reading import ARTICLE, NO_ARTICLE
from awards.law.terms import (
    Authority,
    AwardKind,
    Level,
    MeritType,
    Post,
    Procedure,
    RatingLevel,
    Reach,
    Severity,
    Subject,
    Tag,
)
from portal.web.forms import CleanCharField, DayField
from portal.web.forms.numbers import NumberField
from units.models import PersonStatus

DAY_OF_YEAR = re.compile(r"(0[1-9]|[12]\d|3[01])/(0[1-9]|1[0-2])")
CODE = re.compile(r"[A-Za-z0-9_]{1,20}")
Choices = Iterable[tuple[str, Any]]


@dataclass(frozen=True)
class Value:
    """One key of a table: the field that holds it, and what stands for its absence."""

    label: Any
    field: Callable[..., forms.Field]  # of the edition's tables and what every field takes
    required: bool = False
    help_text: Any = ""
    absent: Any = ""  # a cleaned value that the table leaves out
    shown: Callable[[Any], Any] = lambda stored: stored
    stored: Callable[[Any], Any] = lambda cleaned: cleaned

    def made(self, law: Law) -> forms.Field:
        """The form's field."""
        return self.field(law, label=self.label, required=self.required, help_text=self.help_text)


def words(label: Any, *, most: int = 300, **more: Any) -> Value:
    """A text of one line."""
    return Value(label, lambda law, **told: CleanCharField(max_length=most, **told), **more)


def text(label: Any, **more: Any) -> Value:
    """A text of several lines."""
    widget = forms.Textarea(attrs={"rows": 3})
    return Value(label, lambda law, **told: CleanCharField(max_length=4000, widget=widget, **told), **more)


def whole(label: Any, least: int = 0, most: int = 1000, **more: Any) -> Value:
    """A whole number."""
    number = partial(NumberField, min_value=least, max_value=most)
    return Value(label, lambda law, **told: number(**told), absent=None, **more)


def percent(label: Any, **more: Any) -> Value:
    """A share of a hundred."""
    number = partial(NumberField, min_value=1, max_value=100, percent=True)
    return Value(label, lambda law, **told: number(**told), absent=None, **more)


def multiple(label: Any) -> Value:
    """So many times the base salary: tenths in the table, a decimal on the page."""
    number = partial(NumberField, places=1, min_value=0, max_value=10_000)
    return Value(
        label,
        lambda law, **told: number(**told),
        absent=None,
        shown=lambda tenths: None if tenths is None else Decimal(tenths) / 10,
        stored=lambda times: int(times * 10),
    )


def one_of(label: Any, choices: Callable[[Law], Choices], **more: Any) -> Value:
    """One of several."""

    def field(law: Law, *, required: bool, **told: Any) -> forms.Field:
        offered = [*choices(law)] if required else [("", "–"), *choices(law)]
        return forms.ChoiceField(choices=offered, required=required, **told)

    return Value(label, field, **more)


def some_of(label: Any, choices: Callable[[Law], Choices], **more: Any) -> Value:
    """Any of several; a required one needs at least one."""
    boxes = partial(forms.MultipleChoiceField, widget=forms.CheckboxSelectMultiple)
    return Value(label, lambda law, **told: boxes(choices=[*choices(law)], **told), absent=[], **more)


def yes(label: Any, *, absent: bool | None = False) -> Value:
    """A box; `absent` is what a table means that does not say, None where it always says."""
    return Value(label, lambda law, **told: forms.BooleanField(**told), absent=absent)


def a_day(label: Any, **more: Any) -> Value:
    """A day of the calendar."""
    return Value(label, lambda law, **told: DayField(**told), absent=None, **more)


class BasisField(CleanCharField):
    """Where the law says so: a document of the edition, then its article; several behind semicolons."""

    def __init__(self, *, documents: dict[str, Any], **told: Any):
        self.documents = documents
        super().__init__(max_length=300, **told)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        for one in text.split("; ") if text else ():
            code, _comma, place = one.partition(", ")
            if code not in self.documents:
                raise ValidationError(
                    _("«%(code)s» không có trong danh sách văn bản của bộ quy định."), params={"code": code}
                )
            if place and not ARTICLE.fullmatch(place):
                raise ValidationError(_("Sau «%(code)s, » hãy ghi «Điều …», ví dụ «Điều 23(1)».") % {"code": code})
        return "; ".join(map(self._whole, text.split("; "))) if text else text

    def _whole(self, one: str) -> str:
        """A document that stands alone is one whose article is not known, where it has articles."""
        alone = self.documents[one].get("articles", True) if one in self.documents else False
        return f"{one}, {NO_ARTICLE}" if alone else one


def without_unknown(basis: str) -> str:
    """The basis as people read it: an article that nobody knows is not named."""
    return basis.replace(f", {NO_ARTICLE}", "")


def names(law: Law) -> Choices:
    """Every award that the edition names."""
    return [(row["code"], row["name"]) for row in law.get("award", []) + law.get("outside", [])]


def parts(law: Law) -> Choices:
    """The parts of a dossier."""
    return [(row["code"], row["name"]) for row in law.get("part", [])]


def lower(terms: Any) -> Callable[[Law], Choices]:
    """The members of a list by their names, as the files write them."""
    return lambda law: [(member.name.lower(), member.label) for member in terms]


def of(terms: Any) -> Callable[[Law], Choices]:
    """The members of a list by their values."""
    return lambda law: terms.choices


CITED = {
    "basis": Value(
        _("Căn cứ"),
        lambda law, **told: BasisField(documents=law["documents"], **told),
        required=True,
        help_text=_(
            "Tên tắt của văn bản rồi điều, ví dụ «Luật 06/2022, Điều 23»; chưa biết điều thì chỉ ghi tên văn bản. "
            "Nhiều căn cứ cách nhau bằng dấu chấm phẩy."
        ),
        shown=lambda stored: without_unknown(stored or ""),
    ),
    "provision": text(_("Nguyên văn quy định")),
    "source": words(_("Lấy từ đâu (công báo, tệp đính kèm, trang)"), required=True),
    "tag": one_of(_("Mức độ tin cậy"), of(Tag), required=True),
    "severity": one_of(
        _("Khi không đạt"),
        of(Severity),
        help_text=_("Để trống: đã đối chiếu văn bản thì chặn, chưa đối chiếu thì nhắc."),
    ),
}
STATED = {name: value for name, value in CITED.items() if name != "severity"}
NAMED = {
    "code": words(_("Mã"), required=True, most=20),
    "name": words(_("Tên"), required=True),
    "name_en": words(_("Tên tiếng Anh"), required=True),
}
SAID = {
    "text": text(_("Nội dung"), required=True),
    "text_en": text(_("Nội dung bằng tiếng Anh"), required=True),
}
PART = NAMED | {"form": words(_("Mẫu")), "if_initiatives": yes(_("Chỉ khi dựa vào sáng kiến, đề tài"))} | STATED
CONDITION = (
    {"text": SAID["text"], "text_en": SAID["text_en"]}
    | {
        "subjects": some_of(_("Chỉ áp dụng cho đối tượng"), of(Subject)),
        "types": some_of(_("Chỉ áp dụng cho loại hình"), of(MeritType)),
        "procedure": one_of(_("Chỉ áp dụng cho thủ tục"), of(Procedure)),
    }
    | CITED
)
# parameters of the conditions in `awards.law.vocabulary`, by their names
PARAMETERS = {
    "award": one_of(_("Danh hiệu, hình thức"), names, required=True),
    "or_award": one_of(_("Hoặc danh hiệu"), names),
    "awards": some_of(_("Một trong các danh hiệu"), names, required=True),
    "years": whole(_("Số năm"), 1, 100, required=True),
    "months": whole(_("Số tháng"), 1, 600, required=True),
    "from_months": whole(_("Từ số tháng"), 0, 600, required=True),
    "below": whole(_("Đến dưới số tháng"), 1, 600, required=True),
    "times": whole(_("Số lần"), 1, 100, required=True),
    "count": whole(_("Số lượng ít nhất"), 1, required=True),
    "percent": percent(_("Tỷ lệ ít nhất (%)"), required=True),
    "at_least": one_of(_("Xếp loại từ"), lower(RatingLevel), required=True),
    "rating": one_of(_("Xếp loại của đơn vị từ"), lower(RatingLevel), required=True),
    "reach": one_of(_("Phạm vi ảnh hưởng từ cấp"), lower(Reach), required=True),
    "from_grade": one_of(_("Bị kỷ luật từ mức"), lower(PersonStatus.Grade), required=True),
}
TABLES: dict[str, dict[str, Value]] = {
    "edition": {
        "name": words(_("Tên bộ quy định"), required=True, most=200),
        "name_en": words(_("Tên tiếng Anh"), required=True, most=200),
        "valid_from": a_day(_("Có hiệu lực từ ngày"), required=True),
        "valid_to": a_day(_("Đến hết ngày (để trống: đến khi có bộ mới)")),
        "types": some_of(_("Loại hình khen thưởng"), of(MeritType)),
        "enabled": yes(_("Đã đủ nội dung để xét hồ sơ"), absent=None),
    },
    "transition": SAID
    | {
        "more_favourable": yes(
            _("Hồ sơ nhận trước ngày có hiệu lực theo quy định cũ; quy định mới có lợi hơn thì theo quy định mới"),
            absent=None,
        )
    }
    | STATED,
    "documents/*": {
        "name": NAMED["name"],
        "name_en": NAMED["name_en"],
        "articles": yes(_("Trích dẫn theo điều"), absent=True),
    },
    "part/#": PART,
    "simplified/#": PART,
    "report/#": PART,
    "form/#": {
        "number": words(_("Số mẫu"), required=True, most=40),
        "name": NAMED["name"],
        "name_en": NAMED["name_en"],
        "awards": some_of(_("Chỉ cho danh hiệu, hình thức"), names),
        "types": some_of(_("Chỉ áp dụng cho loại hình"), of(MeritType)),
        "subjects": some_of(_("Chỉ áp dụng cho đối tượng"), of(Subject)),
    }
    | STATED,
    "principle/#": SAID | STATED,
    "deadline/#": NAMED
    | {
        "working_days": whole(_("Số ngày làm việc"), 1, 400),
        "day": words(_("Hoặc ngày cố định (ngày/tháng)"), most=5),
        "years_after": whole(_("Số năm sau năm thành tích"), 0, 5),
        "levels": some_of(_("Chỉ cho cấp"), of(Level)),
        "awards": some_of(_("Chỉ cho danh hiệu, hình thức"), names),
    }
    | STATED,
    "missing/#": SAID | {"source": STATED["source"]},
    "award/#": NAMED
    | {
        "kind": one_of(_("Loại"), of(AwardKind), required=True),
        "level": one_of(_("Cấp"), of(Level), required=True),
        "subjects": some_of(_("Đối tượng"), of(Subject), required=True),
        "types": some_of(_("Loại hình khen thưởng"), of(MeritType)),
        "parts": some_of(_("Thành phần hồ sơ"), parts),
    }
    | STATED,
    "award/#/authority": {
        "who": one_of(_("Ai quyết định"), of(Authority), required=True),
        "proposed_by": one_of(_("Theo đề nghị của"), of(Authority)),
    }
    | STATED,
    "award/#/quota": {
        "percent": percent(_("Không quá (%)"), required=True),
        "of": one_of(_("Tính trên số đạt"), names, required=True),
        "at_least_one": yes(_("Nếu tính ra dưới 1 thì được 1")),
    }
    | CITED,
    "award/#/vote": {
        "percent": percent(_("Tỷ lệ đồng ý ít nhất (%)"), required=True),
        "by": one_of(_("Ai bỏ phiếu"), lambda law: [("council", _("Hội đồng")), ("cluster", _("Cụm, khối thi đua"))]),
        "ballot": yes(_("Bỏ phiếu kín")),
    }
    | CITED,
    "award/#/bonus": {
        "individual": multiple(_("Cá nhân: số lần lương cơ sở")),
        "collective": multiple(_("Tập thể: số lần lương cơ sở")),
        "at_most": yes(_("Là mức cao nhất được thưởng")),
    }
    | STATED,
    "award/#/copies": SAID | STATED,
    "award/#/outsiders": STATED,
    "award/#/conditions/#/posts/#": {
        "post": one_of(_("Chức vụ"), of(Post), required=True),
        "years": whole(_("Từ số năm"), 1, 100, required=True),
        "below": whole(_("Đến dưới số năm"), 1, 100, required=True),
    },
}
TABLES["award/#/missing/#"] = TABLES["missing/#"]
