"""A store's code to be paid by: scanned, it opens the page where a customer types the price."""

from uuid import UUID

from huoke.govern import tenants
from huoke.kernel.tx import Tx
from huoke.know import entry_points
from huoke.know.entry_points import Picture
from huoke.reward import merchants
from huoke.reward.merchants import Status
from huoke.reward.tills.model import StoreClosed


async def draw(tx: Tx, store_id: UUID, kind: Picture, origin: str, *, english: bool) -> bytes:
    """The code of an open store as a picture, alone or on a page to print; `origin` is where pages are.

    The code says which store, never a price or a customer. `merchants.Unknown`, `StoreClosed`.
    """
    shop = await merchants.get_store(tx, store_id)
    if shop.status is not Status.ACTIVE:
        raise StoreClosed(f"The store {shop.name} takes no payments.", pointer="/store_id")
    bank = await tenants.get(tx)
    poster = await entry_points.poster_of(
        tx,
        title=(shop.name_en if english else "") or shop.name.replace(" ", "\n"),
        subtitle=shop.street,
        note="Type the price and choose a reduction you hold. It is paid once the page says so."
        if english
        else "输入金额后可选用立减券，付款成功以页面显示为准。",
        hint="Scan to pay" if english else "扫码付款",
        address=await entry_points.public_address(tx, f"/h5/{bank.code}/stores/{store_id}/pay", origin),
        english=english,
    )
    return await entry_points.draw(kind, poster)
