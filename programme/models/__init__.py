"""Models of the programme, by noun."""

from programme.models.account_merge import AccountMerge
from programme.models.attendance import (
    Attendance,
    AttendanceMark,
    AttendanceSheet,
    How,
    Mark,
    TrainingSession,
    WalkIn,
)
from programme.models.certificates import Certificate, CertificateRule
from programme.models.credentials import Credential, IssuerKey
from programme.models.mentoring import MentorInvitation, MentorInvitationQuerySet
from programme.models.outcomes import DAYS, FollowUp, FollowUpAnswer, OutcomeTarget, TrainingCost
from programme.models.rosters import Roster, RosterRow
from programme.models.steps import Step, StepQuerySet, StepRule, Teaching, TeachingQuerySet, find_people_below
from programme.models.stories import Story, StoryConsent, StoryFact
from programme.models.support import SupportAct, SupportCase, SupportCaseQuerySet

__all__ = [
    "AccountMerge",
    "DAYS",
    "Attendance",
    "AttendanceMark",
    "AttendanceSheet",
    "Certificate",
    "CertificateRule",
    "Credential",
    "FollowUp",
    "FollowUpAnswer",
    "How",
    "IssuerKey",
    "Mark",
    "MentorInvitation",
    "MentorInvitationQuerySet",
    "OutcomeTarget",
    "Roster",
    "RosterRow",
    "Step",
    "StepQuerySet",
    "StepRule",
    "SupportAct",
    "SupportCase",
    "SupportCaseQuerySet",
    "Story",
    "StoryConsent",
    "StoryFact",
    "Teaching",
    "TeachingQuerySet",
    "TrainingCost",
    "TrainingSession",
    "WalkIn",
    "find_people_below",
]
