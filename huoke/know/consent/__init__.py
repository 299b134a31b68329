"""Consent and suppression: which purposes a customer allows (rule P1), and who is left alone (rule S2).

`record` and `suppress` append to ledgers that nobody can change; `members` and `suppressed` are the sets of now.
"""

from huoke.know.consent.fold import members, refold, suppressed
from huoke.know.consent.model import (
    MARKETING,
    Basis,
    ConsentState,
    Purpose,
    PurposeTextMissing,
    PurposeUnknown,
    Statement,
    SuppressionReason,
    SuppressionState,
    SuppressionStatement,
    Verdict,
)
from huoke.know.consent.read import consents_of, never_asked, suppressions_of
from huoke.know.consent.record import check_statements, define_purposes, list_purposes, record, suppress

__all__ = [
    "MARKETING",
    "Basis",
    "ConsentState",
    "Purpose",
    "PurposeTextMissing",
    "PurposeUnknown",
    "Statement",
    "SuppressionReason",
    "SuppressionState",
    "SuppressionStatement",
    "Verdict",
    "check_statements",
    "consents_of",
    "define_purposes",
    "list_purposes",
    "members",
    "never_asked",
    "record",
    "refold",
    "suppress",
    "suppressed",
    "suppressions_of",
]
