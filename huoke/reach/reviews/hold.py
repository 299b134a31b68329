"""Recording a review: by the customer's own relationship manager, at most one a customer and day."""

from uuid import NAMESPACE_URL, UUID, uuid5

from huoke.govern import audit
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import Seq
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import customers, events
from huoke.reach.reviews.model import NOTE_MAX, NewReview, NoteLong, NotTheirs

HELD = "review.held"
"""The standard event of a review; `note` is sealed under the customer's key."""
_NO_SOURCE = UUID(int=0)


async def hold(tx: Tx, principal: Principal, new: NewReview) -> UUID:
    """Record a review that the caller held with a customer they look after; returns its id.

    Another one with the same customer on the same day (China) is the first one, and changes nothing.
    Raises `customers.CustomerUnknown` also for somebody else's customer who is not there for the caller, `NotTheirs`,
    `NoteLong`.
    """
    if len(new.note) > NOTE_MAX:
        raise NoteLong(f"A note has at most {NOTE_MAX} characters.", pointer="/note")
    found = await customers.get(tx, Seq(new.seq))
    owners = {str(one.staff_id) for one in await customers.owners_of(tx, Seq(new.seq))}
    if principal.actor.id not in owners:
        raise NotTheirs("Only who looks after the customer records a review with them.", seq=new.seq)
    message_id = f"review:{new.seq}:{tx.now.astimezone(CHINA).date().isoformat()}"
    told = {"topic": new.topic.value, "channel": new.channel.value}
    message = events.Message(
        type="track",
        event=HELD,
        message_id=message_id,
        user_id=found.customer_no,
        properties=told | ({"note": new.note.strip()} if new.note.strip() else {}),
        timestamp=tx.now,
    )
    [outcome] = await events.take(tx, _NO_SOURCE, [message])
    if outcome.status is events.Status.ACCEPTED:
        entry = audit.AuditEntry(
            action="reviews.hold", subject_kind="customer", subject_id=str(new.seq), after=dict(told)
        )
        await audit.record(tx, entry)
    return uuid5(NAMESPACE_URL, f"{int(tx.tenant)}:{message_id}")
