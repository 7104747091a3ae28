"""What the pages show of councils and sittings."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from awards.councils import agenda
from awards.councils.flow import BY_FORM, SITTING
from awards.models import AgendaItem, OpenVote, Question, Recusal, Sitting, SittingMember
from portal.flow import Step
from portal.web.work import Work
from units.models import User

TONES = {
    Sitting.State.DRAFT: "draft",
    Sitting.State.INVITED: "waiting",
    Sitting.State.OPEN: "waiting",
    Sitting.State.COUNTING: "waiting",
    Sitting.State.CLOSED: "approved",
    Sitting.State.CANCELLED: "neutral",
}


def tone(sitting: Sitting) -> str:
    return TONES[Sitting.State(sitting.state)]


@dataclass
class Line:
    """An item as the page of a sitting shows it."""

    item: AgendaItem
    article: str = ""
    out: list[Recusal] = field(default_factory=list)
    votes: dict[str, list[str]] = field(default_factory=dict)  # of an open ballot: choice → names
    questions: list[Question] = field(default_factory=list)


def lines(sitting: Sitting, *, votes: bool = False, questions: bool = False) -> list[Line]:
    """The agenda with what belongs to each item: four queries at most, however long it is."""
    items = list(
        sitting.items.select_related(
            "nomination__person", "nomination__collective", "nomination__whole_unit", "nomination__unit"
        )
    )
    found = {item.pk: Line(item) for item in items}
    for item in items:
        vote = item.vote_by_law
        found[item.pk].article = vote.article if vote else ""
    for recusal in Recusal.objects.filter(item__in=items).select_related("member__user__person"):
        found[recusal.item_id].out.append(recusal)
    if votes:
        cast = OpenVote.objects.filter(item__in=items).select_related("member__user__person").order_by("member_id")
        for one in cast:
            found[one.item_id].votes.setdefault(one.get_choice_display(), []).append(str(one.member))
    if questions:
        for question in sitting_questions(sitting):
            found[question.item_id].questions.append(question)
    return [found[item.pk] for item in items]


def sitting_questions(sitting: Sitting) -> QuerySet[Question]:
    """What members want to ask, in the order of the agenda."""
    return Question.objects.filter(item__sitting=sitting).select_related("by__person").order_by("item__order", "pk")


@dataclass(frozen=True)
class LeadersShare:
    """Leaders against staff among the people proposed for one award."""

    award: str
    people: int
    leaders: int

    @property
    def percent(self) -> int:
        return round(self.leaders * 100 / self.people) if self.people else 0


def leaders_shares(found: list[Line]) -> list[LeadersShare]:
    """For each award with people in it, as it is shown before the vote."""
    people: dict[str, list[bool]] = defaultdict(list)
    for line in found:
        if line.item.nomination.person_id:
            people[line.item.nomination.get_award_display()].append(line.item.nomination.leads)
    return [LeadersShare(award, len(leads), sum(leads)) for award, leads in people.items()]


def buttons(sitting: Sitting, user: User) -> list[Step]:
    """The steps that one button takes."""
    return [step for step in SITTING.open_to(user, sitting) if step.name not in BY_FORM]


@dataclass(frozen=True)
class Holder:
    """Who holds a part of the key, and how far that is."""

    member: SittingMember
    prepared: bool
    used: bool


def holders(sitting: Sitting) -> list[Holder]:
    """The three who hold the key."""
    parts = {part.place: part for part in sitting.key_parts.all()}
    return [
        Holder(member, place in parts, place in parts and bool(parts[place].parts))
        for place, member in agenda.holders(sitting).items()
    ]


def next_sittings(user: User, many: int = 5) -> list[Work]:
    """The sittings to which the person was called and that are not over, the nearest first."""
    called = (Sitting.State.INVITED, Sitting.State.OPEN, Sitting.State.COUNTING)
    mine = SittingMember.objects.filter(user=user, sitting__state__in=called)
    rows = mine.select_related("sitting__council").order_by("sitting__starts_at", "pk")[:many]
    return [_work(row.sitting, row) for row in rows]


def _work(sitting: Sitting, member: SittingMember) -> Work:
    votes = sitting.state == Sitting.State.OPEN and not member.voted
    reads = sitting.state == Sitting.State.INVITED
    return Work(
        title=sitting.title,
        url=reverse("sitting_paper", args=[sitting.pk]) if votes else sitting.get_absolute_url(),
        button=_("Bỏ phiếu") if votes else _("Đọc hồ sơ") if reads else _("Xem"),
        place=" · ".join(part for part in (sitting.council.name, sitting.place) if part),
        note=_("đã bỏ phiếu") if member.voted else str(sitting.get_state_display()),
        due=sitting.starts_at if reads else None,
        since=sitting.opened_at,
        waits=not member.voted,
    )
