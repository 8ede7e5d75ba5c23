"""Models of the programme, by noun."""

from programme.models.attendance import (
    Attendance,
    AttendanceMark,
    How,
    Mark,
    TrainingSession,
    WalkIn,
)
from programme.models.certificates import Certificate, CertificateRule

__all__ = [
    "Attendance",
    "AttendanceMark",
    "Certificate",
    "CertificateRule",
    "How",
    "Mark",
    "TrainingSession",
    "WalkIn",
]
