"""What a campaign writes to its customers: planned at approval, read and tried out before."""

from datetime import timedelta
from typing import Literal
from uuid import UUID

import msgspec

from huoke.govern import tenants
from huoke.kernel.clock import CHINA
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Database, Tx
from huoke.know import entry_points
from huoke.reach import channels
from huoke.reach.campaigns.draft import seen
from huoke.reach.campaigns.facts import goods_of
from huoke.reach.campaigns.model import FieldProblem
from huoke.reach.campaigns.plan import MessageChannel
from huoke.reach.campaigns.refusals import DraftUnfit
from huoke.reach.campaigns.store import Stored

KIND = "campaign"
EXAMPLE_NAME = "王小明"
"""Most names have two or three characters; the parts of a message are counted with a longer one."""
EXAMPLE_DAYS = 30


class TryMessage(msgspec.Struct, frozen=True, kw_only=True):
    """Which phone to try a campaign's message on, and in which language."""

    phone_id: UUID
    language: Literal["zh", "en"] = "zh"


async def plan_of(tx: Tx, campaign: Stored, entry_code: str) -> channels.Plan | None:
    """What `channels` writes to whom the campaign reaches; None where it writes no short message.

    A draft without an end says one in thirty days, so that its length is right.
    """
    message = campaign.draft.message
    if message is None or message.channel is not MessageChannel.SMS:
        return None
    bank, closes_at = await tenants.get(tx), campaign.draft.closes_at
    expires = (closes_at or tx.now + timedelta(days=EXAMPLE_DAYS)).astimezone(CHINA)
    texts = {"zh": message.texts.zh, "en": message.texts.en}
    benefit = (await goods_of(tx, campaign)).name
    return channels.Plan(
        source_kind=KIND,
        source_id=campaign.id,
        name=campaign.name,
        texts={language: text for language, text in texts.items() if text.strip()},
        link=entry_points.path_of(entry_code),
        variables={"benefit": benefit, "bank": bank.name, "expires": f"{expires:%Y-%m-%d}"},
        send_at=message.send_at,
        until_at=closes_at,
    )


async def letter_of(tx: Tx, campaign: Stored) -> channels.Letter | None:
    """A campaign's message as a customer would read it; None where it writes none."""
    plan = await plan_of(tx, campaign, campaign.entry_code or entry_points.make_code(tx.tenant))
    return None if plan is None else await channels.letter(tx, plan, EXAMPLE_NAME)


async def letter(tx: Tx, principal: Principal, campaign_id: UUID) -> channels.Letter:
    """The message as saved: signed, filled in, with the way out; empty without one. `CampaignUnknown`."""
    found = await letter_of(tx, await seen(tx, campaign_id, principal))
    return found or channels.Letter(written=[], price_fen_per_thousand=None)


async def try_message(
    database: Database, principal: Principal, campaign_id: UUID, wanted: TryMessage
) -> channels.Trial:
    """Send the message as saved to one of the phones the bank allows, addressed to whoever tries it.

    The link of a draft leads nowhere yet. Raises `CampaignUnknown`, `DraftUnfit` where there is nothing to send, and
    what `channels.try_out` raises.
    """
    async with database.begin(principal.tenant, principal.actor) as tx:
        campaign = await seen(tx, campaign_id, principal)
        plan = await plan_of(tx, campaign, campaign.entry_code or entry_points.make_code(tx.tenant))
    if plan is None or wanted.language not in plan.texts:
        pointer = f"/message/texts/{wanted.language}"
        problem = FieldProblem(pointer=pointer, code="missing", detail="Write the message first.")
        raise DraftUnfit(problem.detail, pointer=pointer, problems=[msgspec.to_builtins(problem)])
    return await channels.try_out(
        database, principal.tenant, principal.actor, plan, wanted.phone_id, wanted.language, principal.name
    )
