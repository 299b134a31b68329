"""Consent and suppression: which purposes a customer allows (rule P1), and who is left alone (rule S2).

`record` and `suppress` append to ledgers that nobody can change; `members`, `selectable`, `withdrawn` and `suppressed`
are the sets of now. Whoever gives, sells or offers something new asks `barred` first and answers `NotAvailable`.
"""

from huoke.know.consent.bar import BARRING, NotAvailable, barred
from huoke.know.consent.fold import members, refold, selectable, suppressed, withdrawn
from huoke.know.consent.model import (
    DEFAULT_PURPOSES,
    MARKETING,
    MARKETING_CALL,
    MARKETING_SMS,
    PROFILING,
    SERVICE,
    Basis,
    ConsentState,
    Purpose,
    PurposeTextMissing,
    PurposeUnknown,
    Statement,
    SuppressionReason,
    SuppressionState,
    SuppressionStatement,
    TakenBack,
    Verdict,
)
from huoke.know.consent.read import consents_of, never_asked, suppressions_of
from huoke.know.consent.record import check_statements, define_purposes, list_purposes, record, suppress
from huoke.know.consent.take_back import take_back

__all__ = [
    "BARRING",
    "DEFAULT_PURPOSES",
    "MARKETING",
    "MARKETING_CALL",
    "MARKETING_SMS",
    "PROFILING",
    "SERVICE",
    "Basis",
    "ConsentState",
    "NotAvailable",
    "Purpose",
    "PurposeTextMissing",
    "PurposeUnknown",
    "Statement",
    "SuppressionReason",
    "SuppressionState",
    "SuppressionStatement",
    "TakenBack",
    "Verdict",
    "barred",
    "check_statements",
    "consents_of",
    "define_purposes",
    "list_purposes",
    "members",
    "never_asked",
    "record",
    "refold",
    "selectable",
    "suppress",
    "suppressed",
    "suppressions_of",
    "take_back",
    "withdrawn",
]
