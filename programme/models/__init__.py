"""Models of the programme, by noun."""

from programme.models.account_merge import AccountMerge
from programme.models.attendance import (
    Attendance,
    AttendanceMark,
    AttendanceSheet,
    CalendarAddress,
    How,
    Mark,
    TrainingSession,
    WalkIn,
)
from programme.models.certificates import Certificate, CertificateRule
from programme.models.credentials import Credential, IssuerKey
from programme.models.exams import ExamScore, ExamSeat, PracticalExam
from programme.models.id_numbers import IdNumber, IdNumberRule
from programme.models.mentoring import MentorInvitation, MentorInvitationQuerySet
from programme.models.outcomes import DAYS, FollowUp, FollowUpAnswer, OutcomeTarget, TrainingCost
from programme.models.rosters import Roster, RosterRow
from programme.models.sheet_prints import SheetPrint
from programme.models.steps import (
    Step,
    StepQuerySet,
    StepRule,
    StepRules,
    Teaching,
    TeachingQuerySet,
    find_people_below,
)
from programme.models.stories import Story, StoryConsent, StoryFact
from programme.models.support import SupportAct, SupportCase, SupportCaseQuerySet
from programme.models.training_ledger import LedgerApproval, TrainingLedger

__all__ = [
    "AccountMerge",
    "DAYS",
    "Attendance",
    "AttendanceMark",
    "AttendanceSheet",
    "CalendarAddress",
    "Certificate",
    "CertificateRule",
    "Credential",
    "ExamScore",
    "ExamSeat",
    "FollowUp",
    "FollowUpAnswer",
    "How",
    "IssuerKey",
    "IdNumber",
    "IdNumberRule",
    "LedgerApproval",
    "Mark",
    "MentorInvitation",
    "MentorInvitationQuerySet",
    "OutcomeTarget",
    "PracticalExam",
    "Roster",
    "RosterRow",
    "Step",
    "StepQuerySet",
    "StepRule",
    "StepRules",
    "SupportAct",
    "SupportCase",
    "SupportCaseQuerySet",
    "Story",
    "StoryConsent",
    "StoryFact",
    "Teaching",
    "TeachingQuerySet",
    "TrainingCost",
    "SheetPrint",
    "TrainingLedger",
    "TrainingSession",
    "WalkIn",
    "find_people_below",
]
