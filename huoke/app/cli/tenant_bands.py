"""`huoke tenant bands`: what rules may tell of sealed values, decided by whoever runs the instance."""

from typing import Annotated

from cyclopts import App, Parameter

from huoke.app.cli.printing import stdout
from huoke.app.cli.session import run
from huoke.app.runtime import open_runtime
from huoke.govern import tenants
from huoke.kernel import settings as instance
from huoke.know import customers
from huoke.know.customers import BandsUnfit

app = App(name="bands", help="Bands of sealed values: rules see in which band a value lies, never the value.")


@app.default
def declare(
    bank: Annotated[str, Parameter(help="The bank's code, such as binhai.")],
    name: Annotated[str, Parameter(help="The attribute of class C2, such as balance.")],
    *edges: Annotated[str, Parameter(help="Where one band ends and the next begins; none closes it to rules.")],
) -> None:
    """Declare the bands of an attribute and seal its values anew; in the console one asks and another decides."""
    run(_declare(bank, name, edges))
    told = f"at {', '.join(edges)}" if edges else "not at all"
    stdout().print(f"Rules tell customers apart by {name} {told}.", soft_wrap=True)


async def _declare(bank: str, name: str, edges: tuple[str, ...]) -> None:
    async with open_runtime(instance.load(), connections_max=2) as runtime:
        tenant = await tenants.find_by_code(runtime.database, bank)
        async with runtime.database.begin(tenant) as tx:
            known = next((one for one in await customers.list_attributes(tx) if one.name == name), None)
            if known is None or known.data_class != "C2":
                raise BandsUnfit(f"'{name[:80]}' is no attribute of class C2 that the bank has.", pointer="/name")
            await customers.declare_bands(tx, known, edges)
        await customers.seal_again(runtime.database, runtime.clickhouse, tenant)
