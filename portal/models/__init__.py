"""The rows of the machinery: the trail, what people are told, long work, sessions."""

from portal.models.demo import DemoData
from portal.models.jobs import Heartbeat, Job
from portal.models.notices import MailMode, Notice, OutboxMail
from portal.models.papers import PaperMaster
from portal.models.signin import ForgottenPassword, UserSession
from portal.models.trail import Entry, Seal

__all__ = [
    "DemoData",
    "Entry",
    "ForgottenPassword",
    "Heartbeat",
    "Job",
    "MailMode",
    "Notice",
    "OutboxMail",
    "PaperMaster",
    "Seal",
    "UserSession",
]
