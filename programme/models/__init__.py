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
from programme.models.steps import Step, StepQuerySet, StepRule, Teaching, TeachingQuerySet, find_people_below
from programme.models.support import SupportAct, SupportCase, SupportCaseQuerySet

__all__ = [
    "AccountMerge",
    "Attendance",
    "AttendanceMark",
    "AttendanceSheet",
    "Certificate",
    "CertificateRule",
    "Credential",
    "How",
    "IssuerKey",
    "Mark",
    "MentorInvitation",
    "MentorInvitationQuerySet",
    "Step",
    "StepQuerySet",
    "StepRule",
    "SupportAct",
    "SupportCase",
    "SupportCaseQuerySet",
    "Teaching",
    "TeachingQuerySet",
    "TrainingSession",
    "WalkIn",
    "find_people_below",
]
