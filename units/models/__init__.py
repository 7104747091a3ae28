"""The nouns of the ground floor."""

from units.models.accounts import ForgottenPassword, Proposal
from units.models.demo import DemoData
from units.models.jobs import Heartbeat, Job
from units.models.merges import Distinct, PersonMerge
from units.models.notices import Notice, OutboxMail
from units.models.people import Collective, Membership, Person, PersonStatus, Posting, Role, User
from units.models.reorganisation import Reorganisation, ReorganisationStep
from units.models.sessions import UserSession
from units.models.trail import Entry, Seal
from units.models.units import EmulationOffice, Succession, Unit

__all__ = [
    "Collective",
    "DemoData",
    "Distinct",
    "EmulationOffice",
    "Entry",
    "ForgottenPassword",
    "Heartbeat",
    "Job",
    "Membership",
    "Notice",
    "OutboxMail",
    "Person",
    "PersonMerge",
    "PersonStatus",
    "Posting",
    "Proposal",
    "Reorganisation",
    "ReorganisationStep",
    "Role",
    "Seal",
    "Succession",
    "Unit",
    "User",
    "UserSession",
]
