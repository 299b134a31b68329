"""The demo's tags: the library, and two that people put; saved by the operator and let in by the approver."""

from collections.abc import Sequence

import numpy as np

from huoke.app.demo.deciding import approve
from huoke.app.demo.fill import Filled
from huoke.app.runtime import Runtime
from huoke.govern.people import Role
from huoke.kernel.ids import Seq
from huoke.kernel.refusals import Refusal
from huoke.kernel.sets import CustomerSet
from huoke.know import tags
from huoke.know.tags import Definition, Kind, TagValue, Wanted

AT_ONCE = 150
"""So many are saved, and checked by the approver, well below the two seconds a transaction may last."""


SALON = Definition(
    name="salon_guest",
    label="理财沙龙嘉宾",
    label_en="Guest of a wealth evening",
    meaning="今年到场参加过网点理财沙龙的客户，以签到表为准",
    meaning_en="Customers who came to a wealth evening at an outlet this year, by its guest list",
    category="channel/outlet",
    kind=Kind.MANUAL,
    values=(TagValue(name="yes", label="是", label_en="Yes"),),
    wording="参加过理财沙龙",
    wording_en="Came to a wealth evening",
    owner="零售金融部",
    fresh_hours=0,
    history=True,
)
WILL = Definition(
    name="rm_intent",
    label="客户经理判断的意向",
    label_en="What their manager expects",
    meaning="客户经理面谈或电话后判断的近期意向，由员工逐户标注",
    meaning_en="What the relationship manager expects of them soon, marked after a talk or a call",
    category="relation/care",
    kind=Kind.MANUAL,
    values=(
        TagValue(name="strong", label="意向明确", label_en="Clear interest"),
        TagValue(name="some", label="愿意了解", label_en="Open to it"),
        TagValue(name="none", label="暂无意向", label_en="Not now"),
    ),
    owner="零售金融部",
    purposes=("service",),
    fresh_hours=0,
    history=True,
)
MARKED = (
    (SALON.name, "yes", 0.00, 0.04, "三月理财沙龙签到表"),
    (WILL.name, "strong", 0.02, 0.06, "客户经理面谈记录"),
    (WILL.name, "some", 0.06, 0.15, "客户经理面谈记录"),
    (WILL.name, "none", 0.15, 0.20, "客户经理面谈记录"),
)
"""Tag, value, from which share of the customers in an order by chance, to which, and where the list comes from."""


async def bring_tags(runtime: Runtime, bank: Filled) -> None:
    """Save and approve every tag that the bank does not have; those that look at others come last."""
    whole = sorted([*tags.library(), SALON, WILL], key=lambda one: one.kind is Kind.DERIVED)
    for start in range(0, len(whole), AT_ONCE):
        part = whole[start : start + AT_ONCE]
        async with runtime.database.begin(bank.tenant, bank.actors[Role.OPERATOR].actor) as tx:
            names = []
            for outcome in await tags.save(tx, part):
                if isinstance(outcome, Refusal):
                    raise outcome
                names += [outcome.name] if outcome.changed else []
            if names and (change_id := await tags.submit(tx, names, "标签库")) is not None:
                await approve(tx, bank, change_id, comment="")


async def mark_customers(runtime: Runtime, bank: Filled, seqs: Sequence[Seq]) -> None:
    """Give some customers what people put, before it was ever filled."""
    mixed = np.random.default_rng(bank.plan.seed).permutation(np.array(seqs))
    async with runtime.database.begin(bank.tenant, bank.actors[Role.OPERATOR].actor) as tx:
        [salon] = (await tags.find(tx, Wanted(q=SALON.name), "name", None, 1)).rows
        if salon.data_at:
            return
        for name, value, low, high, source in MARKED:
            some = mixed[int(low * len(mixed)) : int(high * len(mixed))]
            await tags.mark(tx, name, value, CustomerSet.of(tx.tenant, some, tx.now), source=source)
