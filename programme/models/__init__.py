"""Models of the programme, by noun."""

from programme.models.attendance import (
    Attendance,
    AttendanceMark,
    How,
    Mark,
    TrainingSession,
    WalkIn,
)

__all__ = ["Attendance", "AttendanceMark", "How", "Mark", "TrainingSession", "WalkIn"]
