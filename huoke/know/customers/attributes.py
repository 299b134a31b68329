"""Defining what a bank knows of a customer."""

from collections.abc import Sequence

from huoke.kernel.tx import Tx
from huoke.know.customers import store
from huoke.know.customers.model import (
    Attribute,
    AttributesDefined,
    AttributeTypeFixed,
    DataClassFixed,
    DepositFactFixed,
    check_bands,
    check_names,
)


async def list_attributes(tx: Tx) -> list[Attribute]:
    """The bank's attributes, by name."""
    return await store.attributes(tx)


async def define_attributes(tx: Tx, attributes: Sequence[Attribute]) -> None:
    """Add attributes, or reword them.

    Raises `AttributeNameUnfit`; `AttributeTypeFixed` for another type; `DepositFactFixed` where a deposit fact would
    cease to be one (rule B1); `DataClassFixed` where one of class C2 would become readable; `BandsUnfit`.
    """
    check_names(list(attributes))
    known = {attribute.name: attribute for attribute in await store.attributes(tx)}
    changed = [attribute for attribute in attributes if known.get(attribute.name) != attribute]
    for index, attribute in enumerate(attributes):
        earlier = known.get(attribute.name)
        check_bands(attribute, f"/{index}/bands")
        if earlier and earlier.type is not attribute.type:
            raise AttributeTypeFixed(
                f"'{attribute.name}' is {earlier.type} and cannot become {attribute.type}; give it another name.",
                pointer=f"/{index}/type",
            )
        if earlier and earlier.deposit_derived and not attribute.deposit_derived:
            raise DepositFactFixed(
                f"'{attribute.name}' is a deposit fact (rule B1); only counsel can reclassify it.",
                pointer=f"/{index}/deposit_derived",
                rule="B1",
            )
        if earlier and earlier.data_class == "C2" != attribute.data_class:
            raise DataClassFixed(
                f"'{attribute.name}' is of class C2 and stays so (rule F1); give what anybody may read another name.",
                pointer=f"/{index}/data_class",
                rule="F1",
            )
    await store.put_attributes(tx, changed)
    if changed:
        tx.emit(AttributesDefined(names=tuple(attribute.name for attribute in changed)))
