"""Conditions of the programme that a page reports in words."""


class NotInvited(Exception):
    """Raised with the sentence that says why somebody cannot be invited, or cannot accept, or cannot open a class."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NoCertificateRule(Exception):
    """Raised when the course gives no certificate on this day."""


class AlreadyRevoked(Exception):
    """Raised when a certificate was revoked before."""


class NotPrintable(Exception):
    """Raised with the characters that no font has."""


class PdfNotMade(Exception):
    """Raised when the PDF could not be made; the log says why."""


class MergeRefused(Exception):
    """Raised when two accounts cannot become one; `reason` is a code of programme.duplicates.forms.REFUSALS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NoConsent(Exception):
    """Raised when the person has not agreed, or has withdrawn the consent."""


class TooManyAnswers(Exception):
    """Raised when one follow-up was answered too often."""


class NotAllowed(Exception):
    """Raised with the sentences that say what keeps a story from being shown."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(problems)
        self.problems = problems


class NotNow(Exception):
    """Raised when a decision about a ledger is not this person's, or not due."""


class NoRule(Exception):
    """Raised when a class need not report ID numbers any more."""
