"""Setting a kit up: its form is checked, and its segments, bundle, campaigns and play are drafted in one go."""

from uuid import UUID

import msgspec

from huoke.govern import audit
from huoke.kernel import idempotency
from huoke.kernel.idempotency import Earlier, RequestKey
from huoke.kernel.ids import new_id
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import language, segments
from huoke.reach.kits import store
from huoke.reach.kits.form import most_fen, problems_of
from huoke.reach.kits.making import Making, rule_of
from huoke.reach.kits.model import Kit, KitSetUp, KitUnfit, KitUnknown, NewSetup, Preview, Reach, Terms
from huoke.reach.kits.templates import KITS

OPERATION = "kits.set_up"


def found_kit(key: str) -> Kit:
    """A kit of the house; raises `KitUnknown`."""
    if key not in KITS:
        raise KitUnknown(f"There is no kit '{key}'.")
    return KITS[key]


async def preview(tx: Tx, principal: Principal, analytics: language.Analytics, terms: Terms) -> Preview:
    """A kit as it would be set up now, without effect: whom it reaches, what it costs at most, what is missing.

    Raises `KitUnknown`.
    """
    kit = found_kit(terms.key)
    problems = await problems_of(tx, principal, kit, terms)
    reach = []
    if not any(problem.code in ("facts_missing", "threshold") for problem in problems):
        for circle in kit.circles:
            count = await segments.count(
                tx,
                analytics,
                language.parse(rule_of(tx, kit, circle, terms)),
                segments.Scope(units=principal.units, basis=circle.basis.zh if circle.basis else None),
            )
            reach.append(Reach(name=circle.name.zh, name_en=circle.name.en, customers=count.total))
    return Preview(reach=reach, most_fen=await most_fen(tx, terms), problems=problems)


async def set_up(tx: Tx, principal: Principal, new: NewSetup) -> UUID:
    """Draft everything a kit is made of and return the id of what was set up; nothing runs before it is approved.

    A repeated request number returns the first one's. Raises `KitUnknown`, `KitUnfit` with every field that cannot be,
    `OutOfScope`, `RequestReused`, and what its parts refuse.
    """
    keys = [RequestKey(new.request_no, idempotency.body_hash(new))] if new.request_no else []
    for earlier in await idempotency.remember(tx, OPERATION, keys):
        if isinstance(earlier, Earlier):
            return UUID(earlier.ref)
        if earlier is not None:
            raise earlier
    kit = found_kit(new.key)
    unit_id = new.unit_id if new.unit_id is not None else principal.unit_id
    if unit_id is None:
        raise KitUnfit("Say which unit the kit is for.", pointer="/unit_id")
    principal.require_unit(unit_id)
    terms = Terms(**{name: getattr(new, name) for name in Terms.__struct_fields__})
    if problems := await problems_of(tx, principal, kit, terms):
        raise KitUnfit(
            problems[0].detail, pointer=problems[0].pointer, problems=[msgspec.to_builtins(one) for one in problems]
        )
    setup_id = new_id()
    parts = await Making(tx, principal, kit, terms, unit_id, setup_id).all()
    await store.insert(tx, setup_id, unit_id, terms)
    await store.add_parts(tx, setup_id, parts)
    await idempotency.settle(tx, OPERATION, dict.fromkeys(keys, str(setup_id)))
    tx.emit(KitSetUp(setup_id=setup_id, key=kit.key))
    await record(tx, "kits.set_up", setup_id, unit_id, after=msgspec.to_builtins(terms))
    return setup_id


async def record(
    tx: Tx, action: str, setup_id: UUID, unit_id: int, *, reason: str = "", after: dict[str, object] | None = None
) -> None:
    """A line in the trail about a kit."""
    entry = audit.AuditEntry(
        action=action, subject_kind="kit", subject_id=str(setup_id), unit_id=unit_id, reason=reason, after=after
    )
    await audit.record(tx, entry)
