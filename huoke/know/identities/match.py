"""Pairs of customers whom the bank's rules find, with what speaks for their being one and what against."""

from collections.abc import Iterable, Sequence

from huoke.kernel.ids import UnitId
from huoke.kernel.tx import Tx
from huoke.know import customers, relations
from huoke.know.customers import Pair, Shared
from huoke.know.identities import store
from huoke.know.identities.model import Match, Shares
from huoke.know.identities.rule_model import Certainty, MatchRule, RuleSet, RulesUnknown
from huoke.know.identities.rules import in_force

MATCHES_MAX = 1_000
"""Pairs looked at for one list; more of them are shown once these are decided."""
LABELS = {
    "id_document": ("证件", "Id document"), "phone": ("手机", "Phone"), "name": ("姓名", "Name"),
    "device": ("设备", "Device"),
}  # fmt: skip


async def matches(tx: Tx, rule: str = "", *, scope: Iterable[UnitId] | None = None) -> list[Match]:
    """Pairs one rule finds and no rule before it, whom nobody has found to be two, at most 1,000; masked.

    Without a name those of every rule that joins or proposes, in their order; `RulesUnknown`.
    """
    rules = await in_force(tx)
    places = [
        place
        for place, one in enumerate(rules.rules)
        if (one.name == rule if rule else one.certainty is not Certainty.NEVER)
    ]
    if rule and not places:
        raise RulesUnknown(f"There is no rule '{rule[:80]}'.", rule=rule[:80])
    found: list[tuple[MatchRule, Pair]] = []
    for place in places:
        left = MATCHES_MAX - len(found)
        pairs = await pairs_of(tx, rules, place, scope=scope, limit=left) if left else []
        found += [(rules.rules[place], pair) for pair in pairs]
    told = await evidence_of(tx, [pair for _, pair in found], rules)
    seqs = sorted({seq for _, pair in found for seq in (pair.seq, pair.other_seq)})
    shown = {row.seq: row for row in await customers.masked_rows(tx, seqs)} if seqs else {}
    return [
        Match(
            rule=chosen.name, certainty=chosen.certainty, evidence=evidence, first=shown[pair.seq],
            second=shown[pair.other_seq],
        )
        for (chosen, pair), evidence in zip(found, told, strict=True)
    ]  # fmt: skip


async def pairs_of(
    tx: Tx, rules: RuleSet, place: int, *, scope: Iterable[UnitId] | None = None, limit: int = MATCHES_MAX
) -> list[Pair]:
    """Pairs of one rule that nobody told apart."""
    before = [one.sameness for one in rules.rules[:place]]
    found = await customers.pairs(
        tx, rules.rules[place].sameness, after=before, shared_max=rules.shared_max, scope=scope, limit=limit
    )
    apart = await store.apart(tx, sorted({seq for pair in found for seq in (pair.seq, pair.other_seq)}))
    return [pair for pair in found if (min(pair.seq, pair.other_seq), max(pair.seq, pair.other_seq)) not in apart]


async def evidence_of(tx: Tx, pairs: Sequence[Pair], rules: RuleSet) -> list[list[Shares]]:
    """What each pair shares, what it differs in, and what too many share to count."""
    if not pairs:
        return []
    named = {field.removeprefix("attribute."): field for rule in rules.rules for field in rule.fields}
    labels = {
        f"attribute.{one.name}": (one.label, one.label_en or one.name)
        for one in await customers.list_attributes(tx)
        if named.get(one.name) == f"attribute.{one.name}"
    }
    shared = await customers.shared(tx, pairs, [name.removeprefix("attribute.") for name in labels])
    crowded = await relations.crowded(tx, [(pair.seq, pair.other_seq) for pair in pairs], rules.shared_max)
    return [_told(one, {**LABELS, **labels}, rules.shared_max, crowded.get(place)) for place, one in enumerate(shared)]


def held_back(evidence: Sequence[Shares], rule: MatchRule) -> bool:
    """Whether something that too many share, or a document that differs, keeps two from being joined at once."""
    wrong = {one.field for one in evidence if not one.counts}
    return bool(wrong & {"device", "id_document", *rule.fields})


def _told(one: Shared, labels: dict[str, tuple[str, str]], shared_max: int, crowd: int | None) -> list[Shares]:
    told = []
    for field, (label, label_en) in labels.items():
        if field in one.same:
            count = one.same[field]
            told.append(
                Shares(
                    field=field, label=label, label_en=label_en, same=True, count=count,
                    counts=field != "phone" or count <= shared_max,
                )
            )  # fmt: skip
        elif field in one.differ:
            told.append(Shares(field=field, label=label, label_en=label_en, same=False, counts=False))
    if crowd:
        label, label_en = LABELS["device"]
        told.append(Shares(field="device", label=label, label_en=label_en, same=True, counts=False, count=crowd))
    return told
