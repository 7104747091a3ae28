"""The nouns of the ground floor."""

from units.models.accounts import Membership, Role, User
from units.models.merges import Distinct, PersonMerge
from units.models.people import Collective, Person, PersonStatus, Posting
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
