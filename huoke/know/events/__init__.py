"""Events: what customers do, taken as the Segment HTTP spec says, known again, classified, attributed, appended.

outcomes = await events.take(tx, source_id, messages)         one outcome per message; in ClickHouse within seconds
loaded = await events.load_archive(database, clickhouse, tenant, table)          history, as columns
lines = await events.timeline(clickhouse, tenant, seq)        a customer's timeline, latest first
"""

from huoke.know.events import quarantine, sources
from huoke.know.events.bulk import load_file, load_rows
from huoke.know.events.columns import PREFIX as PROPERTY_PREFIX
from huoke.know.events.file_model import (
    ColumnTarget,
    FileColumn,
    FileFormat,
    FileLoaded,
    FileLook,
    FileMapping,
    Flaw,
)
from huoke.know.events.fill import declare as declare_trait
from huoke.know.events.fill import traits
from huoke.know.events.load import Loaded, load_archive
from huoke.know.events.look import look_file
from huoke.know.events.model import (
    EventSchema,
    EventSource,
    Happening,
    Kind,
    MadeSource,
    Malformed,
    Message,
    NewSchema,
    NewSource,
    NewTrait,
    Outcome,
    Property,
    PropertyFixed,
    PropertyType,
    SchemaUnfit,
    SourceNameTaken,
    SourceUnknown,
    Status,
    TooLarge,
    Trait,
    TraitUnfit,
    WriteKeyUnknown,
)
from huoke.know.events.personal import PersonalEvents
from huoke.know.events.quarantine_model import Quarantined, Reason, Replay, Replayed
from huoke.know.events.registry import define, schemas
from huoke.know.events.sharing import SharingRewarded, require_no_sharing, tells_of_sharing
from huoke.know.events.store_spread import DAY, spread
from huoke.know.events.store_waiting import count_of_load as waiting_of
from huoke.know.events.streams import EVENT, TIMELINE
from huoke.know.events.take import intake, take
from huoke.know.events.taken import Taken, taken
from huoke.know.events.timeline import timeline
from huoke.know.events.using import EventUse, register_users
from huoke.know.events.visitors import Visitor, visitors_of
from huoke.know.events.waiting_room import let_go
from huoke.know.events.withdraw import withdraw

__all__ = [
    "DAY",
    "EVENT",
    "PROPERTY_PREFIX",
    "TIMELINE",
    "ColumnTarget",
    "EventSchema",
    "EventSource",
    "EventUse",
    "FileColumn",
    "FileFormat",
    "FileLoaded",
    "FileLook",
    "FileMapping",
    "Flaw",
    "Happening",
    "Kind",
    "Loaded",
    "MadeSource",
    "Malformed",
    "Message",
    "NewSchema",
    "NewSource",
    "NewTrait",
    "Outcome",
    "PersonalEvents",
    "Property",
    "PropertyFixed",
    "PropertyType",
    "Quarantined",
    "Reason",
    "Replay",
    "Replayed",
    "SchemaUnfit",
    "SharingRewarded",
    "SourceNameTaken",
    "SourceUnknown",
    "Status",
    "Taken",
    "TooLarge",
    "Trait",
    "TraitUnfit",
    "Visitor",
    "WriteKeyUnknown",
    "declare_trait",
    "define",
    "intake",
    "let_go",
    "load_archive",
    "load_file",
    "load_rows",
    "look_file",
    "quarantine",
    "register_users",
    "require_no_sharing",
    "schemas",
    "sources",
    "spread",
    "take",
    "taken",
    "tells_of_sharing",
    "timeline",
    "traits",
    "visitors_of",
    "waiting_of",
    "withdraw",
]
