"""The shapes of HTTP requests and answers, JSON in snake_case.

The paths and what they answer stand in `interview/openapi/operations.py`.
"""

from contract.answers import (
    AvatarRoom,
    CvRead,
    CvReplaced,
    EndAnswer,
    Problem,
    Receipt,
    Sketch,
    StartAnswer,
    SummaryAttempt,
    SummaryPending,
    SweepResult,
)
from contract.records import Interview, Report, Transcript
from contract.requests import CorrectionsRequest, CvForm, CvTextRequest, StartForm, StartRequest

API = (
    StartRequest,
    StartForm,
    CvForm,
    CvTextRequest,
    CorrectionsRequest,
    StartAnswer,
    AvatarRoom,
    CvRead,
    CvReplaced,
    EndAnswer,
    SummaryPending,
    Interview,
    Transcript,
    Report,
    Receipt,
    SweepResult,
    SummaryAttempt,
    Sketch,
    Problem,
)
"""What requests and answers consist of; the other structs are parts of these."""
