"""What every event is: a past-tense Struct that its emitter owns by name and version."""

from enum import StrEnum
from typing import ClassVar

import msgspec


class DataClass(StrEnum):
    """Sensitivity of a payload (rule F1): C1 internal, C2 personal (encrypted before append); C3 is never stored."""

    C1 = "C1"
    C2 = "C2"


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Subclass beside the module that emits it: `class TransfersPosted(Event): name = "ledger.transfers_posted"`.

    `name` is `module.past_tense`, `version` grows when the shape changes incompatibly. Payloads hold ids, counts and
    codes; a customer is named by `seq` and never by anything readable.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    data_class: ClassVar[DataClass] = DataClass.C1
