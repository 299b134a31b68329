"""The log: everything that happened, in the transaction that made it happen, and all who read it afterwards.

`tx.emit` appends. Subscribers are called for events by name, streams ship fact tables to ClickHouse, a sealer chains
hashes over it all. Positions are only comparable within an epoch; a restore begins a new one.
"""

from huoke.kernel.log import partitions
from huoke.kernel.log.dispatcher import Dispatcher
from huoke.kernel.log.lag import Holder, alarm, find_holder
from huoke.kernel.log.position import Position, current_epoch, ensure_epoch, new_epoch, tip, watermark
from huoke.kernel.log.reader import LoggedEvent, Page, read
from huoke.kernel.log.seal import Sealed, Verdict, seal_once, unsealed, verify
from huoke.kernel.log.shipper import Shipment, Shipper, holding_archives, read_shipment, shipped_past
from huoke.kernel.log.streams import BITMAP, EVENTS, PLACE, TEXT_MAP, Shipped, Stream, streams_of, to_arrow
from huoke.kernel.log.subscribers import Subscriber, find_lagging, subscriber, subscribers_of

__all__ = [
    "BITMAP",
    "EVENTS",
    "PLACE",
    "TEXT_MAP",
    "Dispatcher",
    "Holder",
    "LoggedEvent",
    "Page",
    "Position",
    "Sealed",
    "Shipment",
    "Shipped",
    "Shipper",
    "Stream",
    "Subscriber",
    "Verdict",
    "alarm",
    "current_epoch",
    "ensure_epoch",
    "find_holder",
    "find_lagging",
    "holding_archives",
    "new_epoch",
    "partitions",
    "read",
    "read_shipment",
    "seal_once",
    "shipped_past",
    "streams_of",
    "subscriber",
    "subscribers_of",
    "tip",
    "to_arrow",
    "unsealed",
    "verify",
    "watermark",
]
