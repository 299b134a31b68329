"""Counting live: how many customers an expression gives, node by node, and who they are."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

import msgspec

from huoke.kernel import sets
from huoke.kernel.ids import Seq, UnitId
from huoke.kernel.sets import CustomerSet, Want
from huoke.kernel.tx import Tx
from huoke.know import consent, language
from huoke.know.language import NO, YES, Analytics, Expression, Question, Serves, evaluate_plan, walk
from huoke.know.segments import store
from huoke.know.segments.model import Count, NodeCount, UploadUnknown
from huoke.know.segments.upload import upload_members
from huoke.know.segments.vocabulary import vocabulary

LIVE_LAG = timedelta(seconds=15)
"""How old the events of a count may be while somebody is typing: what they leave alone is then not read again."""
SAMPLE_SALT = "segments.sample"


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """Within which customers an expression is meant: the caller's units (None: the whole bank), a purpose (P1)."""

    units: frozenset[UnitId] | None = None
    segment_id: UUID | None = None
    """Whose rule the expression is to be, where it is a segment's: it cannot refer to itself."""
    purpose: str = consent.MARKETING
    anybody: bool = False
    """Whether those without a basis for the purpose are asked as well: to say how many they are, never to choose."""
    serves: Serves = Serves.SELECTION
    basis: str | None = None


async def ask(tx: Tx, analytics: Analytics, expression: Expression, scope: Scope) -> Question:
    """Compile an expression for a scope; refusals as `compile_expression`, and `UploadUnknown`."""
    words = await vocabulary(tx, expression, of=scope.segment_id)
    compiled = language.compile_expression(
        expression, words, serves=scope.serves, basis=scope.basis, purpose=scope.purpose
    )
    if missing := compiled.uploads - await store.known_uploads(tx, compiled.uploads):
        raise UploadUnknown(f"There is no uploaded list {min(missing)}.", pointer="/expression")

    async def chunks(upload_id: UUID) -> Iterable[bytes]:
        return sets.to_rows(await upload_members(tx, upload_id)).values()

    return await language.ask(
        tx, analytics, compiled, units=scope.units, purpose=None if scope.anybody else scope.purpose, uploads=chunks
    )


async def count(tx: Tx, analytics: Analytics, expression: Expression, scope: Scope) -> Count:
    """How many customers an expression gives, node by node."""
    question = await ask(tx, analytics, expression, scope)
    yes = question.planner.yes(question.compiled.expanded)
    beside = {
        "everyone": question.everyone,
        "universe": question.universe,
        "suppressed": sets.All(parts=(yes, question.suppressed)),
    }
    named = [sets.Any_(name=name, parts=(plan,)) for name, plan in beside.items()]
    plan = sets.Any_(parts=(question.planner.counting(), *named))
    counts = (await evaluate_plan(tx, analytics, question, plan)).counts
    universe = counts["universe"]
    return Count(
        total=counts[YES],
        universe=universe,
        without_basis=counts["everyone"] - universe,
        suppressed=counts["suppressed"],
        nodes=[
            NodeCount(path=path, count=counts[YES + path], unknown=universe - counts[YES + path] - counts[NO + path])
            for path, _ in walk(expression)
        ],
        uses=question.compiled.uses,
        data_at=question.data_at,
    )


async def sample(tx: Tx, analytics: Analytics, expression: Expression, scope: Scope, size: int, salt: str) -> list[Seq]:
    """A fair sample of the customers an expression gives; another `salt` gives another one."""
    question = await ask(tx, analytics, expression, scope)
    want = Want(sample=size, sample_salt=f"{SAMPLE_SALT}/{salt}")
    found = await evaluate_plan(tx, analytics, question, question.planner.yes(question.compiled.expanded), want)
    return [Seq(seq) for seq in found.sample or ()]


async def members_of(tx: Tx, analytics: Analytics, expression: Expression, scope: Scope) -> CustomerSet:
    """The customers an expression gives, as of the data's time."""
    return await language.members(tx, analytics, await ask(tx, analytics, expression, scope))
