"""What is promised and done."""

from campaigns.models.campaign import (
    Campaign,
    ContentArea,
    Criterion,
    LegalDocument,
    MeritField,
    Milestone,
    Phase,
    Solution,
)
from campaigns.models.obligation import CalendarFeed, Obligation
from campaigns.models.plan import AreaNote, Attachment, Comment, Commitment, Plan, PlanVersion

__all__ = [
    "AreaNote",
    "Attachment",
    "CalendarFeed",
    "Campaign",
    "Comment",
    "Commitment",
    "ContentArea",
    "Criterion",
    "LegalDocument",
    "MeritField",
    "Milestone",
    "Obligation",
    "Phase",
    "Plan",
    "PlanVersion",
    "Solution",
]
