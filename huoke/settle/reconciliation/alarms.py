"""The alarm of reconciliation: differences with a supplier that stand."""

from huoke.kernel.tx import Tx
from huoke.reward import supply
from huoke.reward.supply import AlarmKind, Standing
from huoke.settle.reconciliation import store


async def watch(tx: Tx) -> int:
    """Raise an alarm for each supplier with whom differences stand, clear those that are over; says how many rose."""
    rows = await store.standing(tx)
    names = await supply.names(tx, [row["supplier_id"] for row in rows])
    standing = [
        Standing(
            kind=AlarmKind.DIFFERENCES,
            subject=str(row["supplier_id"]),
            supplier_id=row["supplier_id"],
            title=names.get(row["supplier_id"], ("", ""))[0],
            value=row["n"],
            threshold=0,
        )
        for row in rows
    ]
    return await supply.watch(tx, [AlarmKind.DIFFERENCES], standing)
