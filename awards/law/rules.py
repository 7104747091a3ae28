"""The judgement of one case: every condition of an award, each answer with its article. Rules never write."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from awards.law.case import Case
from awards.law.standards import Award, Condition, Edition, Quota
from awards.law.terms import AwardKind, MeritType, Result, Severity, Tag
from awards.law.vocabulary import RULES, Outcome, failed, not_applicable, passed, shown, unknown


@dataclass(frozen=True)
class Finding:
    """One condition applied to one case."""

    condition: str  # its key within the award
    result: Result
    severity: Severity
    says: str  # what the condition demands
    words: str  # what was found
    article: str
    what_to_do: str
    tag: Tag
    source: str
    provision: str = ""  # the wording of the article, where the edition holds it

    @property
    def blocks(self) -> bool:
        """Whether the nomination cannot go on unless somebody with the right overrides it."""
        return self.result == Result.FAIL and self.severity == Severity.BLOCK


class Setting(Protocol):
    """The office's changed severity of one condition; `awards.models.ConditionSetting` is one."""

    edition: str
    award: str
    condition: str
    severity: str


def judge(award: Award, case: Case, edition: Edition, settings: Iterable[Setting] = ()) -> list[Finding]:
    """Every condition of the award, applied to the case, in the order of the catalogue."""
    changed = changed_severities(award, edition, settings)
    return (
        _edition_found(case, edition)
        + _outside_found(award, case)
        + [
            finding(condition, condition_outcome(condition, case), changed.get(condition.key))
            for condition in award.conditions
            if condition.procedure in (None, case.procedure)
        ]
    )


def changed_severities(award: Award, edition: Edition, settings: Iterable[Setting]) -> dict[str, Severity]:
    """What the office changed of this award, by condition."""
    own = [s for s in settings if (s.edition, s.award) == (edition.code, award.code)]
    return {s.condition: Severity(s.severity) for s in own}


def finding(asked: Condition | Quota, outcome: Outcome, severity: Severity | None = None) -> Finding:
    """The outcome with the article that asks for it."""
    return Finding(
        condition=asked.key,
        result=outcome.result,
        severity=severity or asked.severity,
        says=asked.says,
        words=outcome.words,
        article=asked.article,
        what_to_do=outcome.what_to_do,
        tag=asked.tag,
        source=asked.source,
        provision=asked.provision,
    )


def _edition_found(case: Case, edition: Edition) -> list[Finding]:
    """Says so where another edition than that of the day judges: one in its favour, or one that stands in."""
    if edition.covers(case.on):
        return []
    if case.on < edition.valid_from and (transition := edition.transition):
        return [
            Finding(
                condition="edition",
                result=Result.PASS,
                severity=Severity.WARN,
                says=transition.label,
                words=_("Hồ sơ nhận ngày %(day)s được xét theo «%(edition)s».")
                % {"day": f"{case.on:%d/%m/%Y}", "edition": edition.label},
                article=transition.article,
                what_to_do="",
                tag=transition.tag,
                source=transition.source,
            )
        ]
    return [
        Finding(
            condition="edition",
            result=Result.EVIDENCE,
            severity=Severity.WARN,
            says=_("Áp dụng quy định có hiệu lực tại ngày nhận hồ sơ."),
            words=_("Quy định của ngày %(day)s chưa được nhập đầy đủ; kết quả dưới đây theo bộ «%(edition)s».")
            % {"day": f"{case.on:%d/%m/%Y}", "edition": edition.label},
            article="; ".join(document.label for document in edition.documents.values() if document.articles),
            what_to_do=_("Đối chiếu với quy định mới; quy định có lợi hơn thì được áp dụng."),
            tag=Tag.NOT_FOUND,
            source="1",
        )
    ]


def _outside_found(award: Award, case: Case) -> list[Finding]:
    """Whether the award is for people and bodies outside the sector, where the case is about such."""
    if not case.outside and case.type != MeritType.EXTERNAL:
        return []
    cited, severity = award.outsiders or award, Severity.WARN
    if award.outsiders:
        outcome = passed(_("Văn bản nêu hình thức này tặng cả người ngoài ngành."))
    elif award.kind == AwardKind.TITLE:
        severity = Severity.BLOCK
        outcome = failed(
            _("Danh hiệu thi đua chỉ dành cho cá nhân, tập thể trong ngành."), _("Chọn một hình thức khen thưởng.")
        )
    else:
        outcome = unknown(
            _("Cổng chưa có văn bản nêu hình thức này có tặng cá nhân, tập thể ngoài ngành không."),
            _("Đối chiếu văn bản trước khi đề nghị."),
        )
    return [
        Finding(
            condition="outside",
            result=outcome.result,
            severity=severity,
            says=_("Hình thức phải dành cho cá nhân, tập thể ngoài ngành."),
            words=outcome.words,
            article=cited.article,
            what_to_do=outcome.what_to_do,
            tag=cited.tag if award.outsiders else Tag.NOT_FOUND,
            source=cited.source,
        )
    ]


def condition_outcome(condition: Condition, case: Case) -> Outcome:
    """The answer of one condition, or why it does not concern the case; a reviewer's reading answers what it asks."""
    outcome = _outcome(condition, case)
    if outcome.result == Result.EVIDENCE and condition.key in case.confirmed:
        return RULES["confirmed"].function(case, key=condition.key)
    return outcome


def _outcome(condition: Condition, case: Case) -> Outcome:
    if condition.outside not in (None, case.outside):
        return not_applicable(_("Chỉ áp dụng cho: %s.") % condition.concerns)
    if condition.subjects and case.subject not in condition.subjects:
        return not_applicable(_("Chỉ áp dụng cho: %s.") % shown(condition.subjects))
    if condition.types and case.type is None:
        return unknown(_("Chưa chọn loại hình khen thưởng."), _("Chọn loại hình khen thưởng của đề nghị."))
    if condition.types and case.type not in condition.types:
        return not_applicable(_("Chỉ áp dụng cho loại hình: %s.") % shown(condition.types))
    return condition.requirement.outcome(case)
