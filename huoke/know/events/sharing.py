"""Rule M3: nothing is given for the act of sharing, whatever a bank calls that event. Pure."""

import re
from collections.abc import Iterable, Mapping

from huoke.kernel.refusals import Invalid
from huoke.know.events.model import EventSchema

SHARING = re.compile(
    r"\b(shar(e|ed|ing)|forward(ed|ing)?|repost(ed)?|invit(e|ed|ation)s?|referral)\b|分享|转发|邀请", re.IGNORECASE
)
"""What sharing is called in names and titles of events."""


class SharingRewarded(Invalid):
    """No reward may hang on sharing, forwarding or inviting (rule M3)."""

    code = "events.sharing_rewarded"


def tells_of_sharing(schema: EventSchema) -> bool:
    """Whether an event is one of sharing, by its name or its titles as they are today."""
    said = re.sub(r"[._-]+", " ", f"{schema.name} {schema.title} {schema.title_en}")
    return SHARING.search(said) is not None


def require_no_sharing(names: Iterable[str], schemas: Mapping[str, EventSchema], pointer: str) -> None:
    """Raise `SharingRewarded` where one of the events that a reward hangs on tells of sharing."""
    for name in sorted(names):
        if name in schemas and tells_of_sharing(schemas[name]):
            raise SharingRewarded(
                f"Nobody is rewarded for sharing (rule M3): {schemas[name].title}. Ask for what is really done.",
                pointer=pointer,
                rule="M3",
                event=name,
            )
