"""The pure rules of posting: what becomes of each transfer of a batch, alone or together with others."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from huoke.kernel.money import FEN_MAX
from huoke.reward.ledger.model import SPENDING, Outcome, Standing, Transfer


def settle(
    transfers: Sequence[Transfer],
    accounts: Mapping[UUID, Standing],
    known: Mapping[tuple[UUID, int], Transfer],
) -> list[Outcome]:
    """Decide a batch in order; what an earlier transfer brings in, a later one may spend.

    `known` holds the transfers already in the ledger that the batch repeats or reverses.
    """
    books = _Books(accounts, known)
    return [books.take(transfer) for transfer in transfers]


def settle_whole(
    groups: Sequence[Sequence[Transfer]],
    accounts: Mapping[UUID, Standing],
    known: Mapping[tuple[UUID, int], Transfer],
) -> list[Outcome]:
    """`settle` for groups of transfers that go through together or not at all; one outcome for each group.

    EXISTS where all of a group do; where only some do, EXISTS_DIFFERENT; else what the first one refused is refused
    for.
    """
    books = _Books(accounts, known)
    outcomes = []
    for group in groups:
        found = [books.take(transfer) for transfer in group]
        outcome = _together(found)
        if outcome is not Outcome.POSTED:
            for transfer, one in zip(group, found, strict=True):
                if one is Outcome.POSTED:
                    books.give_up(transfer)
        outcomes.append(outcome)
    return outcomes


def _together(found: Sequence[Outcome]) -> Outcome:
    said = set(found)
    if len(said) == 1:
        return found[0]
    refused = next((one for one in found if one not in {Outcome.POSTED, Outcome.EXISTS}), None)
    return refused or Outcome.EXISTS_DIFFERENT


class _Books:
    """What is on accounts while a batch is decided."""

    def __init__(self, accounts: Mapping[UUID, Standing], known: Mapping[tuple[UUID, int], Transfer]) -> None:
        self._accounts = accounts
        self._free = {key: account.free for key, account in accounts.items() if account.free is not None}
        self._total = {key: account.balance for key, account in accounts.items() if account.balance is not None}
        self._seen = dict(known)
        self._reversed = {(t.source_id, t.reversal_of) for t in known.values() if t.reversal_of is not None}

    def take(self, transfer: Transfer) -> Outcome:
        """Decide one, and count it where it is posted."""
        outcome = self._verdict(transfer)
        if outcome is Outcome.POSTED:
            self._seen[transfer.name] = transfer
            if transfer.reversal_of is not None:
                self._reversed.add((transfer.source_id, transfer.reversal_of))
            self._move(transfer, transfer.amount)
        return outcome

    def give_up(self, transfer: Transfer) -> None:
        """Undo one that was posted, as if it had never been asked for."""
        del self._seen[transfer.name]
        if transfer.reversal_of is not None:
            self._reversed.remove((transfer.source_id, transfer.reversal_of))
        self._move(transfer, -transfer.amount)

    def _move(self, transfer: Transfer, amount: int) -> None:
        for account, change in ((transfer.debit_account, -amount), (transfer.credit_account, amount)):
            if account in self._free:
                self._free[account] += change
                self._total[account] += change

    def _verdict(self, transfer: Transfer) -> Outcome:  # noqa: C901, PLR0911 - a return per outcome, as the table it is
        if transfer.name in self._seen:
            return Outcome.EXISTS if self._seen[transfer.name] == transfer else Outcome.EXISTS_DIFFERENT
        if not 0 < transfer.amount <= FEN_MAX:
            return Outcome.BAD_AMOUNT
        if transfer.debit_account == transfer.credit_account:
            return Outcome.SAME_ACCOUNT
        debit, credit = self._accounts.get(transfer.debit_account), self._accounts.get(transfer.credit_account)
        if debit is None or credit is None:
            return Outcome.UNKNOWN_ACCOUNT
        if debit.currency != credit.currency:
            return Outcome.CURRENCY_MIXED
        if transfer.reversal_of is not None:
            original = self._seen.get((transfer.source_id, transfer.reversal_of))
            if original is None or not _mirrors(transfer, original):
                return Outcome.NOTHING_TO_REVERSE
            if (transfer.source_id, transfer.reversal_of) in self._reversed:
                return Outcome.ALREADY_REVERSED
        if debit.frozen and transfer.kind in SPENDING:
            return Outcome.FROZEN
        if self._free.get(transfer.debit_account, transfer.amount) < transfer.amount:
            return Outcome.OVERDRAWN
        if self._total.get(transfer.credit_account, 0) > FEN_MAX - transfer.amount:
            return Outcome.BAD_AMOUNT
        return Outcome.POSTED


def _mirrors(transfer: Transfer, original: Transfer) -> bool:
    return (
        transfer.debit_account == original.credit_account
        and transfer.credit_account == original.debit_account
        and transfer.amount == original.amount
    )
