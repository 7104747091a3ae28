"""A flow is a table of steps; take() is the only door through which a state changes (loaded history apart)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.models.trail import record
from portal.sittings import Whose, whose
from portal.text import grouped

Paper = TypeVar("Paper", bound=models.Model)

# what is said where a form does not tell which version of the paper was seen
UNSEEN = _("Trang gửi lên không cho biết đồng chí đã xem bản nào. Hãy tải lại trang, xem lại rồi thực hiện.")
OVERTAKEN = _("Hồ sơ vừa được người khác thay đổi. Hãy xem lại bản mới nhất rồi thực hiện.")
OVERTAKEN_SELF = _("Đồng chí vừa thay đổi hồ sơ này ở một trang khác. Hãy xem lại bản mới nhất rồi thực hiện.")


class Refused(Exception):
    """The step is not open, or a rule objects to it; `objections` says why in the reader's words."""

    def __init__(self, objections: Iterable[Any]):
        self.objections = list(objections)
        super().__init__("; ".join(map(str, self.objections)))


def shortened(objections: list[Any], limit: int) -> list[Any]:
    """The first objections, and how many more there are: a step with thousands can meet as many."""
    if (more := len(objections) - limit) <= 0:
        return objections
    return [*objections[:limit], ngettext("… và %s điểm nữa.", "… và %s điểm nữa.", more) % grouped(more)]


class EditConflict(Exception):
    """It was saved in between, by the same person on another page (`own`) or by somebody else.

    `theirs` is the row as it is now, and nothing was written.
    """

    def __init__(self, theirs: Any, *, own: bool = False):
        self.theirs, self.own = theirs, own
        super().__init__(f"{theirs} was changed in between")


def expect(subject: Any, version: int, *, by: Any, tab: str = "") -> None:
    """Raises EditConflict unless the locked row is as it was seen, or only this very page has saved it since.

    Such a page did not hear of its own saving, since the answer was lost on the way; what it holds is newer.
    """
    if subject.version == version:
        return
    found = whose(subject, version, by=by, tab=tab)
    if found is not Whose.PAGE:
        raise EditConflict(subject, own=found is Whose.SELF)


def overtaken(subject: Any, seen: int, by: Any) -> Any:
    """Words for a step that was decided on an older version."""
    return OVERTAKEN if whose(subject, seen, by=by) is Whose.OTHERS else OVERTAKEN_SELF


def no_objections(subject: Any) -> list[Any]:
    return []


def no_effect(subject: Any, by: Any, note: str) -> None:
    return None


@dataclass(frozen=True)
class Step:
    """One lawful move: from which states, to which, by whom, asked at which unit of the paper."""

    name: str
    label: Any
    sources: tuple[str, ...]
    target: str  # empty where the paper stays in its state
    action: str  # a row of the table of permissions
    at: str = "unit"  # the attribute of the paper that names the unit at which it is asked
    objections: Callable[[Any], Iterable[Any]] = no_objections
    effect: Callable[[Any, Any, str], None] = no_effect
    needs_note: bool = False
    tone: str = "primary"
    asks: Any = ""  # what a page asks, once, before it is done
    open_if: Callable[[Any], bool] = lambda subject: True

    def open_for(self, subject: Any) -> bool:
        """Whether the paper stands where this step begins."""
        return subject.state in self.sources and self.open_if(subject)

    def allowed_to(self, user: Any, subject: Any) -> bool:
        """Whether the person may do it at the unit that is asked."""
        return bool(user.may(self.action, getattr(subject, self.at)))


@dataclass(frozen=True)
class Flow:
    """All lawful moves of one kind of paper; buttons, tests and documents read the same table."""

    steps: tuple[Step, ...]
    on_move: Callable[[Any], None] = lambda subject: None  # done before a step that changes the state

    def __getitem__(self, name: str) -> Step:
        return next(step for step in self.steps if step.name == name)

    def open_to(self, user: Any, subject: Any) -> list[Step]:
        """The steps this person could take now; templates draw one button for each."""
        return [s for s in self.steps if s.open_for(subject) and s.allowed_to(user, subject)]

    @transaction.atomic
    def take(
        self,
        name: str,
        subject: Paper,
        *,
        by: Any,
        note: str = "",
        version: int,
        found: Iterable[Any] | None = None,
    ) -> Paper:
        """Move the paper one step and return it as it is now; leaves one line in the trail.

        `version` is the one on which it was decided; an edit in between refuses the step. `found` are the step's
        objections where the caller, who moves many papers at once, has asked for all of them together.
        Raises Refused with words, or PermissionDenied.
        """
        paper: Any = type(subject)._default_manager.select_for_update(of=("self",)).get(pk=subject.pk)
        step = next((s for s in self.steps if s.name == name), None)
        if step is None:
            raise PermissionDenied
        # whoever lost a race hears so in words, before the paper's new desk is asked about roles
        if version != paper.version:
            raise Refused([overtaken(paper, version, by)])
        if not step.open_for(paper):
            raise Refused([_("Không thực hiện được: hồ sơ hiện ở trạng thái «%s».") % paper.get_state_display()])
        if not step.allowed_to(by, paper):
            raise PermissionDenied
        note = note.strip()
        if step.needs_note and not note:
            raise Refused([_("Hãy ghi lý do.")])
        if objections := list(step.objections(paper) if found is None else found):
            raise Refused(objections)
        source, paper.state = paper.state, step.target or paper.state
        paper.version += 1
        if paper.state != source:
            self.on_move(paper)
        step.effect(paper, by, note)
        paper.save()
        record(paper, name, by=by, source=source, target=paper.state, note=note, version=paper.version)
        moved: Paper = paper
        return moved
