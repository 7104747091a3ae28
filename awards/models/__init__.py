"""What is recognised."""

from awards.models.catalogue import ConditionSetting
from awards.models.councils import (
    AgendaItem,
    Council,
    CouncilMember,
    Duty,
    KeyPart,
    OpenVote,
    Question,
    Recusal,
    Sitting,
    SittingFile,
    SittingMember,
    Urn,
)
from awards.models.decisions import Decision, DecisionFile, DecisionLine, DecisionReceipt
from awards.models.editions import DraftLaw, LawEdition, LawFigure, LawFile, Trial, TrialLine
from awards.models.fund import BonusPayment, Fund, FundMovement
from awards.models.initiatives import Initiative, InitiativeAuthor
from awards.models.ledger import Achievement, Level, PastAward, Rating
from awards.models.nominations import (
    CampaignAward,
    Evidence,
    Nomination,
    NominationVersion,
    Submission,
)
from awards.models.review import Assignment, Check, Comment, ConflictOfInterest, MoreRequest, Opinion, Override
from awards.models.subjects import SubjectKind, SubjectMixin
from awards.models.suggestions import Suggestion

__all__ = [
    "Achievement",
    "AgendaItem",
    "Assignment",
    "BonusPayment",
    "CampaignAward",
    "Check",
    "Comment",
    "ConditionSetting",
    "ConflictOfInterest",
    "Council",
    "CouncilMember",
    "Duty",
    "DraftLaw",
    "Decision",
    "DecisionFile",
    "DecisionLine",
    "DecisionReceipt",
    "Evidence",
    "Fund",
    "FundMovement",
    "Initiative",
    "InitiativeAuthor",
    "KeyPart",
    "LawEdition",
    "LawFigure",
    "LawFile",
    "Level",
    "MoreRequest",
    "Nomination",
    "NominationVersion",
    "OpenVote",
    "Opinion",
    "Override",
    "PastAward",
    "Question",
    "Rating",
    "Recusal",
    "Sitting",
    "SittingFile",
    "SittingMember",
    "SubjectMixin",
    "SubjectKind",
    "Submission",
    "Suggestion",
    "Urn",
    "Trial",
    "TrialLine",
]
