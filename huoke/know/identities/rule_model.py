"""The rules by which a bank takes two customers for one: in an order, with how sure each is; pure."""

import re
from collections.abc import Collection, Sequence
from enum import StrEnum
from uuid import UUID

import msgspec

from huoke.govern.requests import Request
from huoke.kernel.events import Event
from huoke.kernel.refusals import Conflict, Invalid, NotFound
from huoke.know.customers import Sameness

RULES_MAX = 10
SHARED_MIN, SHARED_MAX = 2, 20
_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
_ATTRIBUTE = "attribute."
FIELDS = ("id_document", "phone", "name")


class Certainty(StrEnum):
    """What comes of two whom a rule finds: joined at once, proposed to a person, or never joined and only shown."""

    JOINS = "joins"
    PROPOSES = "proposes"
    NEVER = "never"


class MatchRule(msgspec.Struct, frozen=True, kw_only=True):
    """Two customers who have the same `fields`: id_document, phone, name, or `attribute.<name>` of class C1."""

    name: str
    label: str
    label_en: str
    fields: tuple[str, ...]
    certainty: Certainty

    @property
    def sameness(self) -> Sameness:
        """As `customers` looks for it; a rule that never joins also shows those whose documents say they are two."""
        return Sameness(fields=self.fields, strict=self.certainty is not Certainty.NEVER)


class RuleSet(msgspec.Struct, frozen=True, kw_only=True):
    """Rules in their order: the first that fits counts. What more than `shared_max` customers share joins nobody."""

    rules: tuple[MatchRule, ...]
    shared_max: int = 4


USUAL = RuleSet(
    rules=(
        MatchRule(
            name="same_document", label="同一证件", label_en="Same id document", fields=("id_document",),
            certainty=Certainty.PROPOSES,
        ),
        MatchRule(
            name="same_phone_and_name", label="同一手机与姓名", label_en="Same phone and name",
            fields=("phone", "name"), certainty=Certainty.PROPOSES,
        ),
        MatchRule(
            name="same_phone", label="手机相同，姓名或证件不同", label_en="Same phone, another name or document",
            fields=("phone",), certainty=Certainty.NEVER,
        ),
    )
)  # fmt: skip
"""Until a bank has its own: nobody is joined without a person."""


class NewRules(msgspec.Struct, frozen=True, kw_only=True):
    """The rules somebody wants, and why."""

    rules: tuple[MatchRule, ...]
    shared_max: int
    reason: str


class RulesRequest(Request, frozen=True, kw_only=True):
    """Rules as listed."""

    rules: tuple[MatchRule, ...]
    shared_max: int


class RulePreview(msgspec.Struct, frozen=True, kw_only=True):
    """How many pairs a rule would find that none before it does; at most 10,000 are counted."""

    name: str
    pairs: int
    more: bool


class RulesPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What rules would find, in their order; `held_back` customers have a phone that too many share."""

    rules: list[RulePreview]
    held_back: int


class RulesUnfit(Invalid):
    """These rules cannot be."""

    code = "identities.rules_unfit"


class RulesOpen(Conflict):
    """Other rules wait for their decision."""

    code = "identities.rules_open"


class RulesUnknown(NotFound):
    """No rule of this name in this bank."""

    code = "identities.rules_unknown"


class RulesChanged(Event, frozen=True, kw_only=True):
    """Other rules hold from now on, as two people decided."""

    name = "identities.rules_changed"

    ruleset_id: UUID


def check_rules(wanted: RuleSet, attributes: Collection[str]) -> None:
    """Raise `RulesUnfit` for rules that name nobody, come too late to fit anybody, or join on too little."""
    if not 1 <= len(wanted.rules) <= RULES_MAX:
        raise RulesUnfit(f"Have 1 to {RULES_MAX} rules.", pointer="/rules")
    if not SHARED_MIN <= wanted.shared_max <= SHARED_MAX:
        raise RulesUnfit(f"Let {SHARED_MIN} to {SHARED_MAX} customers share a phone.", pointer="/shared_max")
    for place, rule in enumerate(wanted.rules):
        flaw = _flaw(rule, wanted.rules[:place], attributes)
        if flaw:
            raise RulesUnfit(flaw[1], pointer=f"/rules/{place}/{flaw[0]}")


def _flaw(rule: MatchRule, before: Sequence[MatchRule], attributes: Collection[str]) -> tuple[str, str] | None:
    """The first thing wrong with a rule: where, and what to do."""
    unknown = [field for field in rule.fields if field not in FIELDS and not _known(field, attributes)]
    anchored = {"id_document", "phone"} & {*rule.fields}
    sure = "id_document" in rule.fields or ("phone" in rule.fields and len(rule.fields) > 1)
    covered = next((one for one in before if {*one.fields} <= {*rule.fields} and not _leaves(one, rule)), None)
    checks = (
        (not _NAME.fullmatch(rule.name), "name", "Name it with 2 to 40 of a-z, 0-9 and _, a letter first."),
        (rule.name in {one.name for one in before}, "name", "Another rule has this name: choose another."),
        (not rule.label.strip(), "label", "Say in words what the rule is."),
        (len({*rule.fields}) != len(rule.fields) or not rule.fields, "fields", "Name one field or more, each once."),
        (bool(unknown), "fields", f"There is no field {', '.join(unknown)} of class C1 in this bank."),
        (not anchored, "fields", "Add the id document or the phone: the rest is shared by half a town."),
        (
            rule.certainty is Certainty.JOINS and not sure,
            "certainty",
            "A phone alone may be a family's: add a field, or let a person decide.",
        ),
        (covered is not None, "fields", f"Nobody is left for it: rule '{covered and covered.name}' comes first."),
    )
    return next(((where, mend) for wrong, where, mend in checks if wrong), None)


def _known(field: str, attributes: Collection[str]) -> bool:
    return field.startswith(_ATTRIBUTE) and field.removeprefix(_ATTRIBUTE) in attributes


def _leaves(first: MatchRule, later: MatchRule) -> bool:
    """Whether a strict rule leaves those whose documents differ to a later one that shows them."""
    return first.sameness.strict and not later.sameness.strict and "id_document" not in first.fields
