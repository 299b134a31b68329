"""Connecting the demo's banks with the outside world that the demo plays: the gateway of short messages."""

import base64
import secrets
from collections.abc import Sequence

from huoke.app.demo.fill import Peopled
from huoke.app.demo.sms_gateway import GatewayNote, read_gateways, write_gateways
from huoke.app.runtime import Runtime
from huoke.reach import channels

KEY_ID = "huoke-demo"


async def connect(runtime: Runtime, banks: Sequence[Peopled]) -> None:
    """Give every bank its gateway, with a key that both sides know; a key once given stays: the gateway holds it."""
    settings = runtime.settings
    notes = {note.bank: note for note in read_gateways(settings.home)}
    for bank in banks:
        key = base64.b64encode(secrets.token_bytes(32)).decode()
        note = notes.setdefault(bank.plan.code, GatewayNote(bank.plan.code, KEY_ID, key))
        new = channels.NewGateway(
            address=f"http://127.0.0.1:{settings.sms_port}/{bank.plan.code}",
            sender=bank.plan.name,
            key_id=note.key_id,
            key=note.key,
            link_address=f"http://127.0.0.1:{settings.web_port}",
        )
        async with runtime.database.begin(bank.tenant) as tx:
            await channels.set_gateway(tx, new)
    write_gateways(settings.home, list(notes.values()))
