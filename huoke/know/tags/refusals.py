"""Why a tag is not saved, handed in or filled."""

from huoke.kernel.refusals import Conflict, Invalid, NotFound


class TagUnknown(NotFound):
    """There is no such tag."""

    code = "tags.unknown"


class DefinitionUnfit(Invalid):
    """A definition that makes no tag."""

    code = "tags.definition"


class TagExists(Conflict):
    """Another tag has the name."""

    code = "tags.exists"


class TagCircle(Conflict):
    """The tag would look at itself through others."""

    code = "tags.circle"


class TagVersionStale(Conflict):
    """Somebody saved another version meanwhile."""

    code = "tags.version_stale"


class TagNotThere(Conflict):
    """The tag is not in a state that allows it."""

    code = "tags.state"


class TagKept(Conflict):
    """Another room changes the tag, by an approval of its own."""

    code = "tags.kept"


class TagInUse(Conflict):
    """Something still uses the tag."""

    code = "tags.in_use"
