"""Drawing a control group, and asking who is in it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from huoke.decide.experiments import store
from huoke.decide.experiments.model import ControlGroup, PublicOffer, control_arm
from huoke.kernel.sets import CustomerSet, from_rows, to_rows
from huoke.kernel.tx import Tx


def split(
    members: CustomerSet, persons: Sequence[int] | NDArray[Any], *, salt: str, percent: int, published: bool
) -> CustomerSet:
    """Who of `members` would be control; `persons` is the natural person of each, in the order of the set.

    Raises `PublicOffer` when the offer is published and percent is not 0: of a public offer none is refused (E1).
    """
    if published and percent:
        raise PublicOffer(
            "A published offer has no control group; set it to 0 %.", pointer="/control_percent", rule="E1"
        )
    if not percent:
        return CustomerSet.empty(members.tenant, members.as_of)
    seqs = members.array()
    arm = control_arm(salt, percent, np.asarray(persons, dtype=np.int64))
    assert len(arm) == len(seqs), "every member has its person"
    return CustomerSet.of(members.tenant, seqs[arm], members.as_of)


async def keep(tx: Tx, source_id: UUID, members: CustomerSet, *, salt: str, percent: int) -> ControlGroup:
    """Store a campaign's control group for good; it is drawn once and never again."""
    group = ControlGroup(source_id=source_id, salt=salt, percent=percent, size=len(members), drawn_at=tx.now)
    await store.insert_group(tx, group, to_rows(members))
    return group


async def control_group(tx: Tx, source_id: UUID) -> ControlGroup | None:
    """The control group of a campaign, None before one was drawn."""
    return await store.group_of(tx, source_id)


async def control_members(tx: Tx, source_id: UUID) -> CustomerSet:
    """Who was drawn into the control group of a campaign, under the numbers of then; nobody before one was drawn."""
    return from_rows(tx.tenant, await store.chunks_of(tx, source_id))
