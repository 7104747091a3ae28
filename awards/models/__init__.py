"""What is recognised."""

from awards.models.catalogue import ConditionSetting
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
    "Assignment",
    "BonusPayment",
    "CampaignAward",
    "Check",
    "Comment",
    "ConditionSetting",
    "ConflictOfInterest",
    "Evidence",
    "Fund",
    "FundMovement",
    "Initiative",
    "InitiativeAuthor",
    "Level",
    "MoreRequest",
    "Nomination",
    "NominationVersion",
    "Opinion",
    "Override",
    "PastAward",
    "Rating",
    "SubjectMixin",
    "SubjectKind",
    "Submission",
    "Suggestion",
]
