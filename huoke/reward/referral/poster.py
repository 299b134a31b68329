"""An invitation as a picture: its address, its QR code, a poster to save and show."""

from huoke.govern import tenants
from huoke.kernel.tx import Tx
from huoke.know import entry_points
from huoke.know.entry_points import Picture
from huoke.reward.referral.model import NewProgramme
from huoke.reward.referral.programme import PAGES_URL


async def address_of(tx: Tx, code: str, origin: str) -> str:
    """Where a code leads to: on the domain of invitations (rule M3), else where pages are served from."""
    pages = await tenants.setting(tx, PAGES_URL)
    return (pages or origin).rstrip("/") + entry_points.path_of(code)


async def poster(
    tx: Tx, terms: NewProgramme, code: str, origin: str, *, english: bool, kind: Picture = Picture.POSTER_SVG
) -> bytes:
    """A poster in the bank's colours. It says what the invitee does, and promises nothing for passing it on.

    `entry_points.PngUnavailable`.
    """
    drawn = await entry_points.poster_of(
        tx,
        title=(terms.title_en if english else terms.title) or terms.title,
        subtitle=(terms.act_label_en if english else terms.act_label) or terms.act_label,
        note=(terms.rules_en if english else terms.rules) or terms.rules,
        hint="Scan to accept" if english else "扫码接受邀请",
        address=await address_of(tx, code, origin),
        english=english,
    )
    return await entry_points.draw(kind, drawn)
