"""A draft on a phone frame, saved or not: under a token for a quarter of an hour, for whoever holds it."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reward.plays import store, store_design
from huoke.reward.plays.design import check_design
from huoke.reward.plays.draft import seen
from huoke.reward.plays.model import Draft, Play
from huoke.reward.plays.refusals import NotYours, PlayUnknown

MINUTES = 15


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """A token that shows a draft, and until when."""

    token: str
    expires_at: datetime


async def show_draft(
    tx: Tx, principal: Principal, play_id: UUID, draft: Draft | None = None, token: str = ""
) -> Preview:
    """Show a draft of a play in scope (None: as saved) under a token: the caller's earlier one while it is good.

    Nothing of the play changes. Raises `PlayUnknown`, `PlayUnfit` for a design that could not be saved, `NotYours`
    where somebody who may only read shows anything but what was saved.
    """
    play = await seen(tx, play_id, principal)
    draft = play.draft if draft is None else draft
    if draft != play.draft and not principal.may("campaign.write"):
        raise NotYours("Only who may change a play shows what is not saved.", pointer="/draft")
    check_design(draft.design)
    known = await store_design.preview(tx, _hash(token), made_by=tx.actor.id) if token else None
    if known is None or known[0] != play.id:
        token = secrets.token_urlsafe(24)
    until = tx.now + timedelta(minutes=MINUTES)
    await store_design.put_preview(tx, _hash(token), play.id, draft, until)
    return Preview(token=token, expires_at=until)


async def previewed(tx: Tx, token: str) -> Play:
    """The play a token shows, with the draft it was given; `PlayUnknown` once the token is over."""
    found = await store_design.preview(tx, _hash(token))
    play = await store.get(tx, found[0]) if found else None
    if found is None or play is None:
        raise PlayUnknown("This preview is over; open it again in the console.")
    return msgspec.structs.replace(play, draft=found[1], opens_at=found[1].opens_at, closes_at=found[1].closes_at)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
