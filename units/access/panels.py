"""What waits on the first page around accounts: changes that need the person as the second one."""

from __future__ import annotations

from portal.web.panels import Link, Panel
from units.access.flow import visible_to
from units.models import Proposal, User

SHOWN = 12


def links(user: User, subject: object) -> list[Link]:
    """Nothing: the pages of units and people are of this app itself."""
    return []


def waiting(user: User) -> list[Panel]:
    """Proposals that wait, the newest first."""
    found = list(visible_to(user).filter(state=Proposal.State.WAITING)[:SHOWN])
    return [Panel("units/access/_home_proposals.html", {"proposals": found})] if found else []
