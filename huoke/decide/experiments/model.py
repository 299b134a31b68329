"""What a control group is: a share of natural persons, chosen by a salted hash that nobody can steer."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import msgspec
import numpy as np
from numpy.typing import NDArray

from huoke.kernel.refusals import Conflict
from huoke.kernel.sets import PPM, bucket_numbers

PERCENT_MAX = 50
PPM_OF_PERCENT = PPM // 100


class ControlGroup(msgspec.Struct, frozen=True, kw_only=True):
    """A control group as drawn: `percent` of the persons of `source_id`'s audience, `size` customers."""

    source_id: UUID
    salt: str
    percent: int
    size: int
    drawn_at: datetime


class PublicOffer(Conflict):
    """A published offer refuses nobody, so it has no control group (rule E1)."""

    code: ClassVar[str] = "experiments.public_offer"


def control_arm(salt: str, percent: int, persons: NDArray[Any]) -> NDArray[np.bool_]:
    """For each natural person whether it belongs to the control group: `percent` of the buckets under `salt`.

    The person is hashed, never the account, so that one person is in the same arm with every account (rule R1).
    """
    assert 0 <= percent <= PERCENT_MAX, "a control group is at most half"
    arm: NDArray[np.bool_] = bucket_numbers(salt, persons) < np.uint32(percent * PPM_OF_PERCENT)
    return arm
