"""The engine of rings and cascades: what it finds among planted towns, and what it leaves in peace."""

import numpy as np
import pytest

from bench import graph as bench
from huoke.know.relations import Graph, cascades, find_rings
from huoke.know.relations.engine import NOBODY


def town(groups, quiet=(), inviters=None, accounts=40):
    """Accounts joined by groups of one device each; all lively but those of `quiet`; everybody else alone."""
    pairs = [(account, device) for device, group in enumerate(groups) for account in group]
    used = {account for account, _ in pairs}
    pairs += [(account, len(groups) + account) for account in range(accounts) if account not in used]
    lively = np.full(accounts, 30, np.int32)
    lively[list(quiet)] = 0
    inviter = np.full(accounts, NOBODY, np.int32)
    for account, by in (inviters or {}).items():
        inviter[account] = by
    account, device = (np.array(column, np.int32) for column in zip(*pairs, strict=True))
    return Graph(inviter=inviter, opened=np.arange(accounts, dtype=np.int32) * 40, lively=lively,
                 account=account, device=device)  # fmt: skip


def found(graph):
    rings = find_rings(graph)
    return [rings.members[rings.starts[at] : rings.starts[at + 1]].tolist() for at in range(len(rings.score))]


async def test_planted_rings_are_found_with_the_unseen_pattern_and_innocents_left_in_peace():
    (row,) = await bench.run(1_000_000)
    assert row["recall"] >= 0.9
    assert row["ours"] >= 0.9
    assert row["recall_by_pattern"][bench.UNSEEN] >= 0.9
    assert row["baseline_value"] < 0.5


def test_who_invited_the_ring_stands_last_in_it():
    graph = town([range(8), range(8, 16)], quiet=range(16), inviters=dict.fromkeys(range(8), 20))
    assert found(graph) == [[*range(8), 20], [*range(8, 16)]]


def test_a_large_family_that_lives_differently_is_no_ring():
    assert found(town([range(8)], quiet=(0, 1))) == []


def test_a_household_is_no_ring_however_quiet():
    assert found(town([range(5)], quiet=range(5))) == []


def test_an_invitation_joins_nobody():
    assert found(town([], quiet=range(40), inviters=dict.fromkeys(range(1, 30), 0))) == []


def test_a_counters_tablet_does_not_join_those_who_have_a_phone_of_their_own():
    graph = town([range(30)], quiet=range(30))
    own = Graph(inviter=graph.inviter, opened=graph.opened, lively=graph.lively,
                account=np.concatenate([graph.account, np.arange(30, dtype=np.int32)]),
                device=np.concatenate([graph.device, 100 + np.arange(30, dtype=np.int32)]))  # fmt: skip
    assert found(graph) == [[*range(30)]]
    assert found(own) == []


def test_nothing_at_all_holds_no_rings():
    none = np.empty(0, np.int32)
    assert found(Graph(inviter=none, opened=none, lively=none, account=none, device=none)) == []


def test_cascades_tell_how_many_and_how_deep():
    told = cascades(np.array([NOBODY, 0, 0, 1, 3, NOBODY], np.int32))
    assert told.size.tolist() == [4, 2, 0, 1, 0, 0]
    assert told.depth.tolist() == [3, 2, 0, 1, 0, 0]


@pytest.mark.parametrize("circle", [[1, 0], [1, 2, 0, 0]], ids=["two", "three and one"])
def test_who_invited_each_other_in_a_circle_set_nothing_off(circle):
    told = cascades(np.array(circle, np.int32))
    assert told.size.tolist() == [0] * len(circle)
