"""What of budgets needs no database: whose child, a limit that moved, a transfer, a batch as columns."""

from uuid import UUID

import pytest

from huoke.reward.ledger import budget
from huoke.reward.ledger.budget import columns
from huoke.reward.ledger.model import LimitMoved, NotRelated, TransferKind

ONE, TWO, GRANT, OTHER = (UUID(int=n) for n in (1, 2, 3, 4))


def test_money_goes_to_a_child_of_the_budget_alone():
    parent, child = {"id": ONE, "name": "总行"}, {"id": TWO, "parent_id": ONE, "name": "分行"}
    budget._check_related(parent, child)
    for wrong in (None, OTHER):
        with pytest.raises(NotRelated):
            budget._check_related(parent, child | {"parent_id": wrong})


def test_a_limit_is_changed_from_the_one_that_was_seen():
    child = {"limit_fen": 500}
    budget._check_expected(child, None)
    budget._check_expected(child, 500)
    for seen in (0, 499, 501):
        with pytest.raises(LimitMoved) as refused:
            budget._check_expected(child, seen)
        assert refused.value.data["limit_fen"] == 500


def test_a_transfer_goes_from_one_account_to_the_other():
    made = budget._transfer(ONE, TWO, 700, TransferKind.ALLOCATE)
    assert (made.debit_account, made.credit_account, made.amount, made.line) == (ONE, TWO, 700, 0)
    assert (made.source_kind, made.kind) == ("budget", TransferKind.ALLOCATE)
    assert made.source_id != budget._transfer(ONE, TWO, 700, TransferKind.ALLOCATE).source_id


def test_rows_become_columns_that_name_each_budget_once():
    moves = columns("grant", [(TWO, GRANT, 0, 100), (ONE, OTHER, 5, 200), (TWO, OTHER, 2, 300)])
    assert (moves.source_kind, list(moves.budget_ids), list(moves.budgets)) == ("grant", [ONE, TWO], [1, 0, 1])
    assert (list(moves.source_ids), list(moves.lines)) == ([GRANT, OTHER, OTHER], [0, 5, 2])
    assert list(moves.amounts_fen) == [100, 200, 300]
