"""The names of the accounts that points move between."""

from huoke.reward.ledger.model import AccountKey, AccountKind


def points_account(seq: int, currency: str) -> AccountKey:
    """The name of a customer's account in one points type."""
    return AccountKey(AccountKind.POINTS, "customer", str(seq), currency)


def debt_account(seq: int, currency: str) -> AccountKey:
    """The name of what a customer owes in one points type."""
    return AccountKey(AccountKind.POINTS_DEBT, "customer", str(seq), currency)


def bank_account(kind: AccountKind, currency: str, partner: str = "") -> AccountKey:
    """The name of the bank's own account of a kind, or of its account with a partner."""
    return AccountKey(kind, "partner" if partner else "bank", partner, currency)
