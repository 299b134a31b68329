"""Defining what a bank knows of a customer."""

from collections.abc import Sequence

import msgspec

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
    """Add attributes, or reword them; one that says no bands keeps those it has.

    Raises `AttributeNameUnfit`; `AttributeTypeFixed` for another type; `DepositFactFixed` where a deposit fact would
    cease to be one (rule B1); `DataClassFixed` where one of class C2 would become readable; `BandsUnfit`.
    """
    check_names(list(attributes))
    known = {attribute.name: attribute for attribute in await store.attributes(tx)}
    attributes = [_with_bands(attribute, known.get(attribute.name)) for attribute in attributes]
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


async def declare_bands(tx: Tx, attribute: Attribute, bands: tuple[str, ...]) -> None:
    """Let rules tell customers apart at these edges, or at none, once the values are sealed again; `BandsUnfit`."""
    wanted = msgspec.structs.replace(attribute, bands=bands)
    check_bands(wanted, "/bands")
    await store.put_attributes(tx, [wanted])
    tx.emit(AttributesDefined(names=(attribute.name,)))


def _with_bands(attribute: Attribute, earlier: Attribute | None) -> Attribute:
    if attribute.bands or earlier is None or attribute.data_class != "C2":
        return attribute
    return msgspec.structs.replace(attribute, bands=earlier.bands)
