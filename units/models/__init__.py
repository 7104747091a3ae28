"""The nouns of the ground floor."""

from units.models.jobs import Job
from units.models.notices import Notice, OutboxMail
from units.models.people import Collective, Membership, Person, PersonStatus, Posting, Role, User
from units.models.trail import Entry
from units.models.units import EmulationOffice, Succession, Unit

__all__ = [
    "Collective",
    "EmulationOffice",
    "Entry",
    "Job",
    "Membership",
    "Notice",
    "OutboxMail",
    "Person",
    "PersonStatus",
    "Posting",
    "Role",
    "Succession",
    "Unit",
    "User",
]
