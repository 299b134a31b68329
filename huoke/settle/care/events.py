"""What happens at the service desk, as the log has it."""

from typing import ClassVar
from uuid import UUID

from huoke.kernel.events import Event


class CaseOpened(Event, frozen=True, kw_only=True):
    """A customer came to the service desk with something."""

    name: ClassVar[str] = "care.case_opened"
    case_id: UUID
    kind: str


class CaseClosed(Event, frozen=True, kw_only=True):
    """A case was closed."""

    name: ClassVar[str] = "care.case_closed"
    case_id: UUID


class ActDone(Event, frozen=True, kw_only=True):
    """The desk did something about a customer's benefit."""

    name: ClassVar[str] = "care.act_done"
    act_id: UUID
    grant_id: UUID
    kind: str


class Compensated(Event, frozen=True, kw_only=True):
    """A customer was given a goodwill benefit."""

    name: ClassVar[str] = "care.compensated"
    compensation_id: UUID
    grant_id: UUID


class CompensationTakenBack(Event, frozen=True, kw_only=True):
    """A goodwill benefit that was not used was taken back."""

    name: ClassVar[str] = "care.compensation_taken_back"
    compensation_id: UUID
    grant_id: UUID


class CodeRead(Event, frozen=True, kw_only=True):
    """A card code was read out to its customer."""

    name: ClassVar[str] = "care.code_read"
    reading_id: UUID
    grant_id: UUID
