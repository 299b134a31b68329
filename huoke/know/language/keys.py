"""The names of stored sets: the same for the same question in every segment of a bank, another for other data."""

import hashlib
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from huoke.know.language.behaviour import Bound
from huoke.know.language.expression import Op
from huoke.know.language.ranks import BoundRank, rank_digest
from huoke.know.language.sequences import BoundSequence, BoundStep
from huoke.know.language.tagged import TagWord
from huoke.know.language.typed import Comparison


def leaf_key(comparison: Comparison) -> str:
    """The name of a comparison's stored set, the same for the same comparison in every segment of a bank."""
    attribute = comparison.attribute
    if comparison.op is Op.IS_KNOWN:
        return f"known/{attribute.name}"
    values = sorted(comparison.values, key=repr) if comparison.op in (Op.IN, Op.NOT_IN) else comparison.values
    text = repr((attribute.name, attribute.type.value, comparison.op.value, [str(value) for value in values]))
    return f"attr/{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def hidden_key(word: TagWord) -> str:
    """The name of the set of those who deleted a tag of themselves."""
    return f"tag-hidden/{word.number}/{hashlib.sha256(word.hidden).hexdigest()[:32]}"


def behaviour_key(bound: Bound) -> str:
    """The name of a behaviour's stored set, the same for the same behaviour in every segment of a bank."""
    return f"event/{_behaviour_digest(bound, whole=True)}"


def known_key(bound: Bound) -> str:
    """The name of the set of those whose measure is known: the same whatever it is compared with."""
    return f"event-known/{_behaviour_digest(bound, whole=False)}"


def event_prefix(rows: int, today: date) -> str:
    """What stored sets of behaviours begin with: how many events there were, and the bank's day."""
    return f"e{rows}.{today.isoformat()}/"


def _behaviour_digest(bound: Bound, *, whole: bool) -> str:
    node = bound.node
    where = sorted(repr((leaf_key(one), one.op.value)) for one in bound.where)
    text = repr((node.name, node.measure.value, node.property, node.window_days, where))
    if whole:
        text += repr((node.op.value, [str(value) for value in bound.measured.values]))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def upload_key(upload_id: UUID) -> str:
    """The name of an uploaded list's stored set; lists never change, so it has no version."""
    return f"upload/{upload_id}"


def sequence_key(bound: BoundSequence) -> str:
    """The name of a sequence's stored set."""
    steps = [_step(step) for step in bound.steps]
    never = None if bound.never is None else _step(bound.never)
    text = repr((steps, never, bound.node.within_days, bound.node.window_days))
    return f"sequence/{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def units_key(scope: Iterable[int]) -> str:
    """The name of the set of the customers of some units."""
    return "units/" + hashlib.sha256(repr(sorted(scope)).encode()).hexdigest()[:32]


def rank_keys(bound: BoundRank, prefix: str, event_prefix: str, units: Iterable[int] | None) -> tuple[str, str]:
    """The names of the sets of those a rank takes and of those it ranks, versions included.

    Both depend on the customers among whom is ranked: on the units of who asks.
    """
    among = "" if units is None else units_key(units) + "/"
    whole = f"{prefix}{event_prefix if bound.behaviour else ''}{among}{rank_digest(bound)}"
    return f"{whole}/rank", f"{whole}/ranked"


def _step(step: BoundStep) -> tuple[str, list[str]]:
    return step.schema.name, sorted(repr((leaf_key(one), one.op.value)) for one in step.where)
