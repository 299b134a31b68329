"""Finding look-alikes: the seed is learned against others, judged on customers kept aside, and everybody is scored."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
from asyncpg import Record
from numpy.typing import NDArray

from huoke.govern import audit
from huoke.kernel.ids import TenantId, UnitId
from huoke.kernel.refusals import Refusal
from huoke.kernel.sets import CustomerSet, Want, hash_numbers
from huoke.kernel.tx import Actor, Database, Tx
from huoke.know import consent, exclusions, language, models, segments
from huoke.know.language import Analytics, Question, evaluate_plan
from huoke.know.lookalikes import store
from huoke.know.lookalikes.model import SEED_MIN, Driver, NothingToLearn, SearchDone, SeedTooSmall
from huoke.know.lookalikes.traits import Trait, traits

Progress = Callable[[int, int], Awaitable[bool]]
ROWS_MAX = 20_000
"""Customers of the seed, and of all others, that are learned from; more do not make it better."""
ASIDE = 0.3
"""This part of both is kept aside to judge by."""
CHUNK_BITS = 16
DRIVERS = 10
_STEPS = 4


class _Sides(msgspec.Struct, frozen=True):
    """Customers to learn from and to judge by, and all others, who may be found."""

    learn_seed: CustomerSet
    learn_rest: CustomerSet
    judge_seed: CustomerSet
    judge_rest: CustomerSet
    seed: int
    others: CustomerSet


async def search(
    database: Database, analytics: Analytics, tenant: TenantId, actor: Actor, search_id: UUID, progress: Progress
) -> None:
    """Find the customers most like a seed and keep them as a list; one that is over is left alone.

    What cannot be done (too small a seed, a tag too old) is kept as why; cancelled, it waits to be begun again.
    """
    async with database.begin(tenant) as tx:
        row = await store.get(tx, search_id)
    if row is None or row["state"] != "asked":
        return
    try:
        if row["segment_id"] is not None:
            await segments.wait_for_data(database, analytics, tenant)
        async with database.begin(tenant) as tx:
            question, scope = await _ask(tx, analytics, row)
            sides = await _sides(tx, analytics, question, scope, row)
            if not await progress(1, _STEPS):
                return
            learning = sides.learn_seed | sides.learn_rest
            found = await traits(tx, analytics, question, scope, sides.learn_seed, learning)
        if not found:
            raise NothingToLearn("There is no tag and no attribute to liken customers by.")
        if not await progress(2, _STEPS):
            return
        learned = await asyncio.to_thread(_learn, found, sides)
        if not await progress(3, _STEPS):
            return
        nearest = await asyncio.to_thread(_nearest, learned, found, sides.others, row["wanted"], str(search_id))
        drivers = _drivers(learned, found, sides)
    except Refusal as refusal:
        async with database.begin(tenant) as tx:
            await store.failed(tx, search_id, refusal.code, refusal.detail)
        return
    async with database.begin(tenant, actor) as tx:
        upload_id = await segments.keep_list(tx, row["name"], nearest)
        told = {"seed": sides.seed, "others": len(sides.others), "auc": learned.judged.auc,
                "drivers": msgspec.to_builtins(drivers), "upload_id": upload_id, "found": len(nearest)}  # fmt: skip
        await _keep(tx, search_id, told)
    await progress(_STEPS, _STEPS)


async def _keep(tx: Tx, search_id: UUID, told: dict[str, Any]) -> None:
    await store.done(tx, search_id, told)
    after = {"found": told["found"], "auc": round(told["auc"], 4), "upload_id": str(told["upload_id"])}
    entry = audit.AuditEntry(action="lookalikes.find", subject_kind="lookalike", subject_id=str(search_id), after=after)
    await audit.record(tx, entry)
    tx.emit(SearchDone(search_id=search_id, upload_id=told["upload_id"], count=told["found"]))


async def _ask(tx: Tx, analytics: Analytics, row: Record) -> tuple[Question, segments.Scope]:
    """The seed's rule as a question; of an uploaded list, the list."""
    units = None if row["units"] is None else frozenset(UnitId(one) for one in row["units"])
    tree: dict[str, Any] = {"kind": "upload", "upload_id": str(row["seed_upload_id"])}
    purpose = consent.MARKETING
    if row["segment_id"] is not None:
        segment = await segments.get(tx, row["segment_id"])
        tree, purpose = segment.expression, segment.purpose
    scope = segments.Scope(units=units, purpose=purpose)
    return await segments.ask(tx, analytics, language.parse(tree), scope), scope


async def _sides(tx: Tx, analytics: Analytics, question: Question, scope: segments.Scope, row: Record) -> _Sides:
    """A fair sample of both, cut once for all: what judges is never learned from, nor chooses what is learned."""
    seed = await language.members(tx, analytics, question)
    found = (await evaluate_plan(tx, analytics, question, question.universe, Want(members=True))).members
    assert found is not None, "members were wanted"
    rest = CustomerSet(tx.tenant, found.bitmap, question.data_at) - seed
    others = rest - await consent.suppressed(tx) - await exclusions.excluded(tx)
    if min(len(seed), len(others)) < SEED_MIN:
        raise SeedTooSmall(
            f"{len(seed):,} of the seed and {len(others):,} others may be chosen for '{scope.purpose}'; at least"
            f" {SEED_MIN} of each are needed.",
            seed=len(seed),
            others=len(others),
        )
    salt = f"lookalike:{row['id']}"
    sampled_seed, sampled_rest = seed.sample(ROWS_MAX, salt), rest.sample(ROWS_MAX, salt)
    judge_seed, judge_rest = (
        one.sample(round(len(one) * ASIDE), f"{salt}/aside") for one in (sampled_seed, sampled_rest)
    )
    return _Sides(sampled_seed - judge_seed, sampled_rest - judge_rest, judge_seed, judge_rest, len(seed), others)


def _learn(found: Sequence[Trait], sides: _Sides) -> models.Learned:
    earlier = _rows(found, sides.learn_seed, sides.learn_rest)
    return models.learn(models.Algorithm.LOGISTIC, earlier, _rows(found, sides.judge_seed, sides.judge_rest))


def _rows(found: Sequence[Trait], seed: CustomerSet, rest: CustomerSet) -> models.Rows:
    seqs = (seed | rest).array()
    return models.Rows(_matrix(found, seqs), np.isin(seqs, seed.array(), assume_unique=True))


def _matrix(found: Sequence[Trait], seqs: NDArray[np.uint32]) -> NDArray[np.float32]:
    """A row per customer (ascending), a column per trait: 1 for who has it."""
    asked = CustomerSet.of(found[0].members.tenant, seqs)
    matrix = np.zeros((len(seqs), len(found)), dtype=np.float32)
    for place, trait in enumerate(found):
        matrix[np.searchsorted(seqs, (trait.members & asked).array()), place] = 1.0
    return matrix


def _nearest(
    learned: models.Learned, found: Sequence[Trait], others: CustomerSet, wanted: int, salt: str
) -> CustomerSet:
    """The customers with the highest scores; among equals a hash decides, so that no number is preferred."""
    seqs = others.array()
    scores = np.concatenate(
        [
            models.scores(learned, _matrix(found, np.array(bitmap.to_array(), dtype=np.uint32)))
            for _, bitmap in others.chunks()
        ]
    )
    order = np.lexsort((hash_numbers(salt, seqs), -scores))
    return CustomerSet.of(others.tenant, seqs[order[:wanted]], others.as_of)


def _drivers(learned: models.Learned, found: Sequence[Trait], sides: _Sides) -> list[Driver]:
    """What tells the seed from others in the model, strongest first: how far each trait moves the two apart."""
    judged = _rows(found, sides.judge_seed, sides.judge_rest)
    moved = models.contributions(learned, judged.features)
    apart = moved[judged.outcome].mean(axis=0) - moved[~judged.outcome].mean(axis=0)
    total = max(float(np.abs(apart).sum()), 1e-12)
    having = judged.features[judged.outcome].mean(axis=0), judged.features[~judged.outcome].mean(axis=0)
    told = []
    for place in np.argsort(-np.abs(apart), kind="stable")[:DRIVERS].tolist():
        trait, seed_share, rest_share = found[place], float(having[0][place]), float(having[1][place])
        told.append(
            Driver(
                kind=trait.kind,
                name=trait.name,
                label=trait.label,
                label_en=trait.label_en,
                value=trait.value,
                low=trait.low,
                direction="up" if seed_share >= rest_share else "down",
                share=round(abs(float(apart[place])) / total, 4),
                seed_share=round(seed_share, 4),
                rest_share=round(rest_share, 4),
            )
        )
    return told
