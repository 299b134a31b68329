"""`huoke draws verify PLAY`: do every draw of an ended play again."""

import sys
from typing import Annotated
from uuid import UUID

import msgspec
from cyclopts import App, Parameter

from huoke.app.cli.session import As, Bank, open_session, run
from huoke.kernel.tx import Tx
from huoke.reward import plays
from huoke.reward.plays import Replayed

app = App(name="draws", help="Do the draws of a play again.")


@app.command
def verify(
    play: Annotated[str, Parameter(help="The play's id, or its code on the phone.")],
    *,
    bank: Bank,
    as_: As,
    as_json: Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")] = False,
) -> None:
    """Replay every draw of PLAY from its seed, its prize tables and its archive; exit code 1 where anything differs."""
    found = run(_verify(play, bank, as_))
    if as_json:
        print(msgspec.json.encode(found).decode())
    else:
        for one in found.mismatches:
            place = f"version {one.number}" if one.field == "table" else f"draw {one.number}"
            print(f"{place}: {one.field} is {one.stored}, must be {one.replayed}")
        held = "the commitment holds" if found.commitment_holds else "THE COMMITMENT DOES NOT HOLD"
        print(f"{found.draws:,} draws, {len(found.mismatches)} mismatches, {held}")
    if found.mismatches or not found.commitment_holds:
        sys.exit(1)


async def _verify(play: str, bank: str, login: str) -> Replayed:
    async with open_session(bank, login) as session:
        async with session.begin("campaign.read") as tx:
            found = await plays.seen(tx, await _id_of(tx, play), session.principal)
        return await plays.replay(session.runtime.database, session.principal.tenant, found.id)


async def _id_of(tx: Tx, play: str) -> UUID:
    try:
        return UUID(play)
    except ValueError:
        return (await plays.published(tx, play)).id
