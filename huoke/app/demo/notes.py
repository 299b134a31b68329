"""What the demo writes down for its bank app: the banks' API keys, a few customers, where campaigns begin."""

from datetime import datetime
from pathlib import Path

import msgspec

WHOLE = "whole"


class CustomerNote(msgspec.Struct, frozen=True):
    """A customer to sign in as."""

    no: str
    name: str
    note: str
    phone: str = ""


class EntryNote(msgspec.Struct, frozen=True):
    """A running campaign and the code of its entry point."""

    name: str
    code: str


class BankNotes(msgspec.Struct, frozen=True, kw_only=True):
    """One bank, as its own backend knows itself."""

    code: str
    name: str
    name_en: str
    colour: str
    api_key: str
    write_key: str = ""
    """Of the event source that is the bank's app."""
    customers: list[CustomerNote]
    entries: list[EntryNote]


class Notes(msgspec.Struct, frozen=True, kw_only=True):
    """Every bank that is ready, when the demo was begun, the size of its first bank, and what took how long."""

    banks: list[BankNotes] = []
    began: datetime | None = None
    customers: int = 0
    ports: list[int] = []
    """Where the web, the suppliers and the gateway answered when the banks were told last."""
    took: dict[str, float] = {}
    """Seconds of each stage of the start that finished it, the banks together, and of all (`WHOLE`) by the clock."""
    done: dict[str, list[str]] = {}
    """By bank, the stages that need not be gone through again."""


def read_notes(home: Path) -> Notes:
    """The notes; empty before the demo is there."""
    try:
        return msgspec.json.decode((home / "demo.json").read_bytes(), type=Notes)
    except FileNotFoundError:
        return Notes()


def write_notes(home: Path, notes: Notes) -> None:
    """Write the notes whole or not at all, readable by the owner only: they hold keys."""
    draft = home / "demo.json.new"
    draft.touch(mode=0o600)
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(notes), indent=2))
    draft.replace(home / "demo.json")
