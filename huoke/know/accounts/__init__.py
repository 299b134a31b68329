"""Accounts: what customers have with the bank, as rows with history; what they do on them, as events.

customers.register_entity(accounts.Accounts(), accounts.Holdings(), accounts.Transactions())   imports bring them
held = await accounts.held_by(tx, seq)                                                         balances withheld
"""

from huoke.know.accounts.entities import Accounts, Holdings
from huoke.know.accounts.model import (
    DERIVED,
    Account,
    AccountKind,
    AccountUnknown,
    Held,
    Holding,
    HoldingKind,
    Standing,
)
from huoke.know.accounts.personal import PersonalAccounts
from huoke.know.accounts.read import held_by, reveal
from huoke.know.accounts.transactions import Transactions

__all__ = [
    "DERIVED",
    "Account",
    "AccountKind",
    "AccountUnknown",
    "Accounts",
    "Held",
    "Holding",
    "HoldingKind",
    "Holdings",
    "PersonalAccounts",
    "Standing",
    "Transactions",
    "held_by",
    "reveal",
]
