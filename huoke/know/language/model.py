"""What compiling and asking an expression gives, and why one is refused."""

from enum import StrEnum

import msgspec

from huoke.kernel.refusals import Conflict, Forbidden, Invalid, Outage


class Serves(StrEnum):
    """What an expression is for (rule B1)."""

    SELECTION = "selection"
    """Who is considered, on past state the customer is not told to reach."""
    CONDITION = "condition"
    """What one must do or hold to earn."""


class Verdict(StrEnum):
    """Three-valued: unknown is neither true nor false."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


class AttributeUse(msgspec.Struct, frozen=True, kw_only=True):
    """What an expression looks at, itself or through a segment it refers to: an attribute, an event, or a tag.

    `deposit_path` leads to the deposit fact it comes from, if any (rule B1); segments on the way come first.
    """

    name: str
    label: str
    label_en: str
    data_class: str
    deposit_path: tuple[str, ...] = ()
    event: bool = False
    tag: bool = False


class AttributeSealed(Invalid):
    """A value of class C2 without bands lies sealed under each customer's own key: no rule can look at it."""

    code = "segments.attribute_sealed"


class AttributeMissing(Invalid):
    """The expression names an attribute the bank does not have."""

    code = "segments.attribute_missing"


class EventMissing(Invalid):
    """The expression names an event, or a property of one, that the bank has not registered."""

    code = "segments.event_missing"


class PropertySealed(Forbidden):
    """A property of class C2 is readable only with the customer's own key: no rule can look at it."""

    code = "segments.property_sealed"


class ValueUnfit(Invalid):
    """A value that its attribute cannot have, or an operator that does not fit its type."""

    code = "segments.value"


class TagMissing(Invalid):
    """The expression names a tag, or a value of one, that the bank does not have in use."""

    code = "segments.tag_missing"


class TagPurpose(Forbidden):
    """The tag may not be used for this purpose (rule P1)."""

    code = "segments.tag_purpose"


class TagStale(Conflict):
    """The tag is older than it promises, and who made it wants it not used then."""

    code = "segments.tag_stale"


class DepositCondition(Forbidden):
    """A condition on a deposit fact, or on a fact derived from one (rule B1): there is no override."""

    code = "segments.deposit_condition"


class DepositSelection(Forbidden):
    """A selection on a deposit fact without a registered basis (rule B1)."""

    code = "segments.deposit_selection"


class DataBehind(Outage):
    """The analytic store has not received the latest customers yet; try again in a moment."""
