"""Natural persons of a whole set: equal to the facts of its customers, however large."""

from huoke.kernel.sets import CustomerSet
from huoke.know import customers
from tests.make import customers as make


async def test_persons_of_a_set_are_those_of_its_facts(database, bank, units, clock):
    rows = [
        {"customer_no": f"P{n}", "unit_code": "N", "id_document": f"33020319900101{n // 2:04}" if n % 3 else ""}
        for n in range(40)
    ]
    await make.import_rows(database, bank, rows, {})
    async with database.begin(bank) as tx:
        seqs = list((await customers.find_by_no(tx, [row["customer_no"] for row in rows])).values())
        await tx.execute("UPDATE customers.customer SET status = 'closed' WHERE seq = $1", seqs[4])
        members = CustomerSet.of(bank, seqs[3:30])
        active, persons = await customers.persons(tx, members)
        facts = await customers.facts(tx, seqs[3:30])
    assert list(active) == facts.seqs.tolist()
    assert persons.tolist() == facts.persons.tolist()
    assert len(active) == 26
    assert len(set(persons.tolist())) < 26
