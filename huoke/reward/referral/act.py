"""The act: what an invitee really does, as a condition on events; never a share, a deposit or a product bought."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from huoke.kernel.tx import Tx
from huoke.know import events, language, segments
from huoke.know.events import EventSchema
from huoke.know.language import (
    Attr,
    Behaviour,
    Bucket,
    Compiled,
    Expression,
    Happened,
    Rank,
    Reference,
    Sequence_,
    Serves,
    Subject,
    Tag,
    Upload,
    Verdict,
)
from huoke.reward.referral.refusals import ActForbidden, ActUnfit

PRODUCTS = re.compile(
    r"\b(wealth|funds?|insurance|deposits?|loans?|bonds?|savings?)\b|理财|基金|保险|存款|贷款|国债|存单|信托",
    re.IGNORECASE,
)
"""Products that nobody is rewarded for buying (rules B1, B4)."""
BOUGHT = frozenset({"product.bought", "product.matured"})
SAFE_KINDS = frozenset({"card", "debit_card", "credit_card", "借记卡", "信用卡"})
"""The kinds of product whose taking up may be rewarded, as property `kind` of a purchase names them."""


def names_product(said: str) -> bool:
    """Whether a text names a deposit, wealth, insurance or loan product (rules B1, B4)."""
    return PRODUCTS.search(_spoken(said)) is not None


class Act(msgspec.Struct, frozen=True):
    """A condition that passed, and the events it looks at."""

    compiled: Compiled

    @property
    def events(self) -> frozenset[str]:
        """Names of the events it looks at."""
        return self.compiled.events

    def done(self, happenings: Sequence[Happened], since: datetime, until: datetime) -> bool:
        """Whether it was done after `since` and by `until`."""
        found = [one for one in happenings if since < one.at <= until]
        subject = Subject(0, 0, {}, happenings=found, today=language.day_of(until))
        return language.evaluate(self.compiled, subject)[""] is Verdict.TRUE


async def compile_act(tx: Tx, tree: Mapping[str, Any]) -> Act:
    """Check and bind an act.

    Raises `ActUnfit` (looks at something else than events, has days of its own, is true of who does nothing),
    `ActForbidden` (rules M3, B4), `language.DepositCondition` (rule B1), and what parsing and binding refuse.
    """
    expression = language.parse(tree, pointer="/act")
    _check_leaves(expression)
    schemas = {schema.name: schema for schema in await events.schemas(tx)}
    for path, leaf in language.walk(expression):
        for name, where in _looked_at(leaf):
            if name in schemas:
                check_event(schemas[name], where, f"/act{path}")
    words = await segments.vocabulary(tx, expression)
    act = Act(language.compile_expression(expression, words, serves=Serves.CONDITION))
    if act.done([], tx.now - timedelta(days=1), tx.now):
        raise ActUnfit("Who does nothing fulfils this: ask for something that is done.", pointer="/act")
    return act


def check_event(schema: EventSchema, where: Sequence[language.Where], pointer: str) -> None:
    """Raise `ActForbidden` for an event of sharing (rule M3), or of a product nobody is rewarded for (rules B1, B4)."""
    if events.tells_of_sharing(schema):
        raise ActForbidden(
            f"Nobody is rewarded for sharing (rule M3): {schema.title}. Ask for what the invitee does.",
            pointer=pointer, rule="M3", event=schema.name,
        )  # fmt: skip
    said = " ".join([_spoken(schema.name), schema.title, schema.title_en])
    asked = [value for one in where for value in _values(one.value)]
    if PRODUCTS.search(said) or any(PRODUCTS.search(_spoken(value)) for value in asked) or _any_product(schema, where):
        raise ActForbidden(
            f"Nobody is rewarded for buying such a product (rules B1, B4): {schema.title}. Take it out.",
            pointer=pointer, rule="B4", event=schema.name,
        )  # fmt: skip


def _any_product(schema: EventSchema, where: Sequence[language.Where]) -> bool:
    """Whether a purchase is asked for without saying that it is of a kind that may be rewarded."""
    if schema.name not in BOUGHT:
        return False
    kinds = [one for one in where if one.property == "kind" and one.op in (language.Op.EQUAL, language.Op.IN)]
    return not any({*_values(one.value)} <= SAFE_KINDS for one in kinds)


def _check_leaves(expression: Expression) -> None:
    for path, node in language.walk(expression):
        match node:
            case Attr() | Rank() | Tag() | Reference() | Bucket() | Upload():
                raise ActUnfit("An act is something the invitee does: use events alone.", pointer=f"/act{path}")
            case Behaviour(window_days=int()) | Sequence_(window_days=int()):
                detail = "The days of the invitation are its window: leave out window_days."
                raise ActUnfit(detail, pointer=f"/act{path}")


def _looked_at(leaf: Expression) -> list[tuple[str, Sequence[language.Where]]]:
    match leaf:
        case Behaviour(name=name, where=where):
            return [(name, where)]
        case Sequence_(steps=steps, never=never):
            return [(step.name, step.where) for step in (*steps, *((never,) if never else ()))]
        case _:
            return []


def _values(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


def _spoken(name: str) -> str:
    """A name as words: dots and underscores part them."""
    return re.sub(r"[._-]+", " ", name)
