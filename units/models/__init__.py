"""The nouns of the ground floor."""

from units.models.notices import Notice, OutboxMail
from units.models.people import Membership, Person, Posting, Role, User
from units.models.trail import Entry
from units.models.units import EmulationOffice, Succession, Unit

__all__ = [
    "EmulationOffice",
    "Entry",
    "Membership",
    "Notice",
    "OutboxMail",
    "Person",
    "Posting",
    "Role",
    "Succession",
    "Unit",
    "User",
]
