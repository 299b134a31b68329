"""What the API is asked about tags, where it is not a tag itself."""

from typing import Annotated
from uuid import UUID

import msgspec

from huoke.kernel.ids import Seq
from huoke.kernel.principal import Principal
from huoke.know.tags.model import PUT_BY_PEOPLE, Definition, Tag, TagState, VersionState

NAMES_MAX = 500
MARKED_MAX = 10_000


class NewTag(msgspec.Struct, frozen=True, kw_only=True):
    """A tag to save."""

    definition: Definition
    request_no: str | None = None


class TagChange(msgspec.Struct, frozen=True, kw_only=True):
    """A new version; `expected_version` is the latest one the caller saw."""

    definition: Definition
    expected_version: int


class Marking(msgspec.Struct, frozen=True, kw_only=True):
    """Customers, by number, who are to have a value of a tag that people put; None takes from them whichever they have.

    `source` says where the list comes from, and stands in the audit trail.
    """

    value: str | None
    customer_nos: Annotated[list[str], msgspec.Meta(min_length=1, max_length=MARKED_MAX)]
    source: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]


class Former(msgspec.Struct, frozen=True, kw_only=True):
    """Customers, by number as they were listed, and the value all of them had before; None where they had none."""

    value: str | None
    customer_nos: list[str]


class Marked(msgspec.Struct, frozen=True, kw_only=True):
    """How a list matched: `marked` customers, `repeated` entries, `unmatched` numbers of nobody in the caller's units.

    `changed` are those who have another value than before: marking each part with its `value` puts all back.
    """

    marked: int
    repeated: int
    unmatched: int
    unmatched_sample: list[str]
    """50 at most."""
    changed: list[Former]


class TagChanged(msgspec.Struct, frozen=True, kw_only=True):
    """The version a definition was saved as."""

    version: int


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """Tags, by name, whose latest versions are to be approved together."""

    names: Annotated[list[str], msgspec.Meta(max_length=NAMES_MAX)]
    note: Annotated[str, msgspec.Meta(max_length=400)] = ""


class Submitted(msgspec.Struct, frozen=True, kw_only=True):
    """The change another person decides; None where the bank needs none and the versions count already."""

    change_id: UUID | None


class NewState(msgspec.Struct, frozen=True, kw_only=True):
    """The state a tag is to be in."""

    state: TagState


class Refreshing(msgspec.Struct, frozen=True, kw_only=True):
    """Tags to fill again, by name; `whole` for everybody, whatever happened since."""

    names: Annotated[list[str], msgspec.Meta(max_length=NAMES_MAX)]
    whole: bool = False


class TagFile(msgspec.Struct, frozen=True, kw_only=True):
    """Definitions as a YAML text."""

    text: Annotated[str, msgspec.Meta(max_length=8_000_000)]


class TagText(msgspec.Struct, frozen=True, kw_only=True):
    """Definitions as a YAML text, and how many there are."""

    text: str
    tags: int


class WhyTag(msgspec.Struct, frozen=True, kw_only=True):
    """A tag, by name, and the customer of whom it is asked why."""

    name: str
    seq: Seq


def verbs_of(principal: Principal, tag: Tag) -> list[str]:
    """What the caller may do with a tag."""
    if not principal.may("tag.write"):
        return []
    found = ["change"] if tag.state is not TagState.ARCHIVED else []
    if tag.latest_state is VersionState.DRAFT:
        found.append("submit")
    if tag.state is TagState.ACTIVE and tag.kind in PUT_BY_PEOPLE:
        found.append("mark")
    if tag.state is TagState.ACTIVE:
        found += ["refresh", "freeze", "archive"]
    elif tag.state is TagState.FROZEN:
        found += ["activate", "archive"]
    elif tag.state is TagState.ARCHIVED and tag.version is not None:
        found.append("activate")
    elif tag.state is TagState.DRAFT:
        found.append("archive")
    return found
