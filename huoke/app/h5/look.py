"""What a bank's pages look like: nine colours, its own mark, one of the scenes."""

from typing import Annotated, Literal

import msgspec

from huoke.govern import tenants
from huoke.govern.tenants import Brand, Tenant
from huoke.kernel.tx import Tx

Scene = Literal["sea", "hills", "plain"]

SCENE = tenants.declare("h5.scene", Scene, "plain")
MARK = tenants.declare("h5.mark", Annotated[str, msgspec.Meta(pattern=r"^[MmLlHhVvCcSsQqTtAaZz0-9 ,.\-]{0,1500}$")], "")
"""The bank's mark: one SVG path on a grid of 24, drawn in one colour; empty shows the first character of its name."""


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """A bank as its customers see it."""

    code: str
    name: str
    name_en: str
    brand: Brand
    scene: Scene
    mark: str

    @property
    def initial(self) -> str:
        """What stands in the mark's place where there is none."""
        return self.name[:1]

    def theme(self) -> str:
        """The nine variables as CSS; the colours were checked when the bank saved them."""
        tenants.check_brand(self.brand)
        pairs = msgspec.structs.asdict(self.brand).items()
        return ":root{" + ";".join(f"--{name.replace('_', '-')}:{value}" for name, value in pairs) + "}"


async def look_of(tx: Tx, bank: Tenant) -> Look:
    """The look of the transaction's bank."""
    scene, mark = await tenants.settings(tx, SCENE, MARK)
    return Look(
        code=bank.code,
        name=bank.name,
        name_en=bank.name_en or bank.name,
        brand=bank.brand,
        scene=scene,
        mark=mark,
    )
