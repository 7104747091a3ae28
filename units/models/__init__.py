"""The nouns of the ground floor."""

from units.models.merges import Distinct, PersonMerge
from units.models.people import Collective, Membership, Person, PersonStatus, Posting, Role, User
from units.models.proposals import Proposal
from units.models.reorganisation import Reorganisation, ReorganisationStep
from units.models.units import EmulationOffice, Succession, Unit

__all__ = [
    "Collective",
    "Distinct",
    "EmulationOffice",
    "Membership",
    "Person",
    "PersonMerge",
    "PersonStatus",
    "Posting",
    "Proposal",
    "Reorganisation",
    "ReorganisationStep",
    "Role",
    "Succession",
    "Unit",
    "User",
]
