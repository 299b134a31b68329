"""Tags: what is known of customers, by name: defined in versions, approved, filled with sets, kept fresh.

await tags.create(tx, definition); await tags.submit(tx, ["quiet_30d"])     another person approves
await tags.refresh(database, analytics, tenant)                             only whom something happened to
words = await tags.words(tx, ["quiet_30d"], attributes, schemas)            what an expression must know of it
await tags.put(tx, "risk_band", {"high": members}, as_of=at, source="…")    a model, a file or a person says it
"""

from huoke.know.tags.as_code import Applied, Plan, TagCode, apply, definitions, from_yaml, plan, to_yaml
from huoke.know.tags.customer import (
    Held,
    Why,
    deleted,
    hide,
    members,
    members_by_value,
    members_on,
    of_customer,
    restore,
    shown_to_customer,
    told_names,
    why,
)
from huoke.know.tags.families import families
from huoke.know.tags.fill_days import make_ready
from huoke.know.tags.hidden import hidden_since
from huoke.know.tags.model import (
    Definition,
    Kind,
    Schedule,
    Statistic,
    Tag,
    TagRun,
    TagState,
    TagUse,
    TagValue,
    TagVersion,
    Taken,
    WhenStale,
)
from huoke.know.tags.personal import PersonalTags
from huoke.know.tags.preview import Preview, preview, sketch
from huoke.know.tags.profile import ProfileRow, TagProfile, profile
from huoke.know.tags.put import mark, mark_listed, put, unmark
from huoke.know.tags.read import Counting, categories, counting, find, get, page, runs
from huoke.know.tags.ready_made import library
from huoke.know.tags.refresh import Ran, refresh
from huoke.know.tags.refusals import (
    DefinitionUnfit,
    TagCircle,
    TagExists,
    TagInUse,
    TagKept,
    TagNotThere,
    TagUnknown,
    TagVersionStale,
)
from huoke.know.tags.save import Saved, ask_refresh, change, create, numbers_of, save, set_state
from huoke.know.tags.store import Wanted
from huoke.know.tags.submit import TagsApproval, enact, submit
from huoke.know.tags.using import counts_of_uses, readers_of, register_users, uses_of_tag
from huoke.know.tags.words import Offered, offered, words

__all__ = [
    "Applied",
    "Counting",
    "Definition",
    "DefinitionUnfit",
    "Held",
    "Kind",
    "Offered",
    "PersonalTags",
    "Plan",
    "Preview",
    "ProfileRow",
    "Ran",
    "Saved",
    "Schedule",
    "Statistic",
    "Tag",
    "TagCircle",
    "TagCode",
    "TagExists",
    "TagInUse",
    "TagKept",
    "TagNotThere",
    "TagProfile",
    "TagRun",
    "TagState",
    "TagUnknown",
    "TagUse",
    "TagValue",
    "TagVersion",
    "TagVersionStale",
    "TagsApproval",
    "Taken",
    "Wanted",
    "WhenStale",
    "Why",
    "apply",
    "ask_refresh",
    "categories",
    "change",
    "counting",
    "counts_of_uses",
    "create",
    "definitions",
    "deleted",
    "enact",
    "families",
    "find",
    "from_yaml",
    "get",
    "hidden_since",
    "hide",
    "library",
    "make_ready",
    "mark",
    "mark_listed",
    "members",
    "members_by_value",
    "members_on",
    "numbers_of",
    "of_customer",
    "offered",
    "page",
    "plan",
    "preview",
    "profile",
    "put",
    "readers_of",
    "refresh",
    "register_users",
    "restore",
    "runs",
    "save",
    "set_state",
    "shown_to_customer",
    "sketch",
    "submit",
    "to_yaml",
    "told_names",
    "unmark",
    "uses_of_tag",
    "why",
    "words",
]
