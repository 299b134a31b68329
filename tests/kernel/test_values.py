"""Ids, money and problems: small values everything else is made of."""

import os
import time
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoke.kernel.http import Problem, decode_cursor, encode_cursor, page_limit, problem_of, results
from huoke.kernel.ids import new_id, new_ids
from huoke.kernel.money import format_yuan, parse_yuan
from huoke.kernel.refusals import Conflict, Invalid, NotFound, Outage


def test_ids_are_version_7_and_carry_the_time():
    before_ms = time.time_ns() // 1_000_000
    one = new_id()
    assert (one.version, one.variant) == (7, "specified in RFC 4122")
    assert before_ms <= one.int >> 80 <= time.time_ns() // 1_000_000 + 10


def test_ids_sort_as_they_were_made_even_within_a_millisecond():
    ids = [new_id() for _ in range(2_000)] + new_ids(2_000) + [new_id()]
    assert ids == sorted(ids)
    assert len(set(ids)) == 4_001


def test_a_forked_child_draws_nothing_its_parent_draws():
    new_id()  # random bytes for some hundred more are there now
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.write(writing, new_id().bytes)
        os._exit(0)
    os.waitpid(child, 0)
    theirs, ours = os.read(reading, 16), new_id().bytes
    os.close(reading)
    os.close(writing)
    assert theirs[8:] != ours[8:]


def test_many_ids_are_distinct_and_well_formed():
    ids = new_ids(1_000)
    assert len(set(ids)) == 1_000
    assert {(one.version, one.variant) for one in ids} == {(7, "specified in RFC 4122")}
    assert all(isinstance(one, UUID) for one in ids)


@given(st.integers(-(10**15), 10**15))
def test_money_reads_back_as_it_was_written(amount_fen):
    assert parse_yuan(format_yuan(amount_fen)) == amount_fen


@pytest.mark.parametrize("text", ["", "NaN", "1.234", "１２.８０", "1e5", "--1", "12,8元", "inf", "9" * 30])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(Invalid) as refusal:
        parse_yuan(text, pointer="/budget")
    assert refusal.value.pointer == "/budget"


def test_a_refusal_becomes_a_problem_with_its_code_and_data():
    class Overdrawn(Conflict):
        code = "ledger.overdrawn"

    assert problem_of(Overdrawn("12 left, 20 asked.", pointer="/amount", left=12), "r1") == Problem(
        type="urn:huoke:problem:ledger.overdrawn",
        title="Conflict",
        status=409,
        detail="12 left, 20 asked.",
        code="ledger.overdrawn",
        pointer="/amount",
        request_id="r1",
        data={"left": 12},
    )


def test_an_outage_can_be_retried_and_a_bug_says_nothing_of_itself():
    away = problem_of(Outage("gone", unknown=True))
    assert (away.status, away.code, away.retryable) == (503, "unknown", True)
    bug = problem_of(KeyError("secret"))
    assert (bug.status, bug.code) == (500, "bug")
    assert "secret" not in bug.detail
    assert problem_of(asyncpg.InterfaceError("connection is closed")).status == 503
    assert problem_of(asyncpg.InterfaceError("the server expects 2 arguments, 1 was passed")).status == 500


def test_results_keep_the_order_and_tell_failed_from_unknown():
    told = results(["a", NotFound("no"), Outage("?", unknown=True)], ["1", "2", "3"])
    assert [(r.index, r.status, r.id, r.request_no) for r in told] == [
        (0, "done", "a", "1"),
        (1, "failed", None, "2"),
        (2, "unknown", None, "3"),
    ]


@given(st.integers(-(2**62), 2**62), st.text())
def test_a_cursor_reads_back(number, text):
    assert decode_cursor(encode_cursor(number, text), tuple[int, str]) == (number, text)


@pytest.mark.parametrize("cursor", ["x", "%%%", "W10", "IltudWxsXSI"])
def test_a_foreign_cursor_is_refused(cursor):
    with pytest.raises(Invalid):
        decode_cursor(cursor, tuple[int, str])


@pytest.mark.parametrize("limit", [0, -1, 201, 2**63])
def test_a_page_has_a_size_within_bounds(limit):
    with pytest.raises(Invalid):
        page_limit(limit)
