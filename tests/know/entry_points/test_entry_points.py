"""Codes that name their bank and lead to a campaign."""

from uuid import uuid4

import pytest

from huoke.know import entry_points
from huoke.know.entry_points import EntryPointKind, EntryPointUnknown, NewEntryPoint, tenant_of


def new(target_id, kind=EntryPointKind.QR):
    return NewEntryPoint(kind=kind, name="城东支行海报", target_kind="campaign", target_id=target_id)


async def test_a_code_names_its_bank_and_leads_to_its_target(database, bank):
    target_id = uuid4()
    async with database.begin(bank) as tx:
        first, second = await entry_points.add(tx, [new(target_id), new(target_id, EntryPointKind.LINK)])
        assert [point.id for point in await entry_points.of_target(tx, "campaign", target_id)] == [first.id, second.id]
    assert first.code != second.code
    assert tenant_of(first.code) == bank
    assert await entry_points.resolve_anywhere(database, first.code) == (bank, first)


async def test_a_closed_foreign_or_invented_code_leads_nowhere(database, bank, other_bank):
    target_id = uuid4()
    async with database.begin(bank) as tx:
        [point] = await entry_points.add(tx, [new(target_id)])
    async with database.begin(other_bank) as tx:
        with pytest.raises(EntryPointUnknown):
            await entry_points.resolve(tx, point.code)
    async with database.begin(bank) as tx:
        assert await entry_points.close(tx, "campaign", target_id) == 1
        with pytest.raises(EntryPointUnknown):
            await entry_points.resolve(tx, point.code)
    for code in ("", "x", "2222", "../../etc", point.code + "2", point.code[:-1] + "O"):
        with pytest.raises(EntryPointUnknown):
            await entry_points.resolve_anywhere(database, code)
