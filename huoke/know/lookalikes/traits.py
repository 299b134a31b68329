"""What customers may be likened by: values and bands of attributes, values of tags, each as a set of customers."""

from collections.abc import Collection, Mapping

import msgspec

from huoke.kernel import sets
from huoke.kernel.events import DataClass
from huoke.kernel.sets import CustomerSet, Want
from huoke.kernel.tx import Tx
from huoke.know import customers, events, segments, tags
from huoke.know.language import Analytics, Question, evaluate_plan, leaf_key, parse, walk
from huoke.know.lookalikes.model import PROTECTED

TAGS_MAX = 60
"""So many values of tags are learned from: those that set the seed apart most."""


class Trait(msgspec.Struct, frozen=True):
    """Something that a customer has or has not, and who has it."""

    kind: str
    name: str
    label: str
    label_en: str
    value: str | None
    low: str | None
    members: CustomerSet


async def traits(
    tx: Tx, analytics: Analytics, question: Question, scope: segments.Scope, seed: CustomerSet, universe: CustomerSet
) -> list[Trait]:
    """All traits within the universe that may be learned from for the scope's purpose.

    Never protected attributes, nothing of class C2, no tags of risk, nothing taken from deposit facts (rule B1). Tags
    are those that set `seed` apart: hand in only the part of it that is learned from. What the seed's own rule asks for
    is left out, and every tag that looks at it: it would tell the seed, and liken nobody to it.
    """
    asked = frozenset(use.name for use in question.compiled.uses)
    return [
        *await _attributes(tx, analytics, question, scope, asked),
        *await _tags(tx, analytics, scope, seed, universe, asked),
    ]


async def _attributes(
    tx: Tx, analytics: Analytics, question: Question, scope: segments.Scope, asked: frozenset[str]
) -> list[Trait]:
    never = PROTECTED | asked
    named = [one for one in await segments.trait_sets(tx, analytics, scope) if one.attribute.name not in never]
    question = msgspec.structs.replace(question, beside={leaf_key(one.comparison): one.comparison for one in named})
    found = []
    for one in named:
        leaf = sets.Leaf(key=question.version.prefix + leaf_key(one.comparison))
        plan = sets.All(parts=(question.universe, leaf))
        inside = (await evaluate_plan(tx, analytics, question, plan, Want(members=True))).members
        assert inside is not None, "members were wanted"
        attribute = one.attribute
        found.append(
            Trait("attribute", attribute.name, attribute.label, attribute.label_en, one.value, one.low, inside)
        )
    return found


async def _tags(
    tx: Tx,
    analytics: Analytics,
    scope: segments.Scope,
    seed: CustomerSet,
    universe: CustomerSet,
    asked: frozenset[str],
) -> list[Trait]:
    profile = await tags.profile(
        tx, analytics.clickhouse, seed, universe, purpose=scope.purpose, deposits=False, limit=10 * TAGS_MAX
    )
    usable = await _usable(tx, {row.tag for row in profile.tags}, PROTECTED | asked)
    rows = [row for row in profile.tags if row.tag in usable and row.significant][:TAGS_MAX]
    found = []
    for row in rows:
        members = await tags.members(tx, analytics.clickhouse, row.tag, row.value)
        value = None if row.value == "yes" else row.value_label
        found.append(Trait("tag", row.tag, row.label, row.label_en, value, None, members & universe))
    return found


async def _usable(tx: Tx, names: Collection[str], never: frozenset[str]) -> set[str]:
    """Those of the tags that may be learned from, by what they look at now, through every step."""
    offered = {one.definition.name: one.definition for one in await tags.offered(tx)}
    attributes = {one.name: one for one in await customers.list_attributes(tx)}
    schemas = {one.name: one for one in await events.schemas(tx)}
    words = await tags.words(tx, names, attributes, schemas)
    return {
        name
        for name, word in words.items()
        if name in offered
        and not offered[name].risk
        and not word.deposit_path
        and word.data_class != DataClass.C2
        and never.isdisjoint(_looks_at(offered, name))
    }


def _looks_at(offered: Mapping[str, tags.Definition], name: str) -> set[str]:
    """A tag's own name and those of the attributes, events and tags behind it, through every step."""
    seen: set[str] = set()
    wanted = {name}
    while wanted:
        seen |= wanted
        found = [offered[one] for one in wanted if one in offered]
        named = {one.statistic.event for one in found if one.statistic is not None}
        for tree in (value.expression for one in found for value in one.values if value.expression is not None):
            named |= {named_in for _, node in walk(parse(tree)) if (named_in := getattr(node, "name", ""))}
        wanted = named - seen
    return seen
