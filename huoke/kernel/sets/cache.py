"""The sets a process holds in memory: least recently used go first when the cap is reached."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from huoke.kernel.ids import TenantId
from huoke.kernel.sets import blocks
from huoke.kernel.sets.blocks import Blocks
from huoke.kernel.sets.buckets import sample_numbers
from huoke.kernel.sets.customer_set import EPOCH, CustomerSet, ForeignSet, head_of
from huoke.kernel.sets.evaluate import count, evaluate
from huoke.kernel.sets.plan import Evaluation, Plan, Want, keys

BYTES_MAX = 512 * 1024 * 1024


class Absent(LookupError):  # noqa: N818 - an answer, not an error
    """Sets a plan names are not in the cache: put them and ask again."""

    def __init__(self, absent: Sequence[str]) -> None:
        super().__init__(f"{len(absent)} sets are not in memory")
        self.keys = tuple(absent)


class Held(msgspec.Struct, frozen=True):
    """A set in memory."""

    blocks: Blocks
    as_of: datetime


class SetCache:
    """Sets by bank and key, with a cap on the bytes they take."""

    def __init__(self, bytes_max: int = BYTES_MAX) -> None:
        self.bytes_max = bytes_max
        self.bytes_held = 0
        self._held: OrderedDict[tuple[int, str], Held] = OrderedDict()

    def missing(self, tenant: TenantId, wanted: Iterable[str]) -> list[str]:
        """Those of the keys that are not held, sorted; the ones held are kept for longer."""
        absent = []
        for key in sorted(set(wanted)):
            if (tenant, key) in self._held:
                self._held.move_to_end((tenant, key))
            else:
                absent.append(key)
        return absent

    def put(self, tenant: TenantId, sets: Mapping[str, bytes]) -> None:
        """Hold sets (bytes of `CustomerSet.to_bytes`) of one bank; another bank's set is refused."""
        for key, payload in sets.items():
            owner, as_of, bitmap = head_of(payload)
            if owner != tenant:
                raise ForeignSet(f"a set of bank {owner} was put for bank {tenant}")
            self.hold(tenant, key, Held(blocks.read((bitmap,)), as_of))

    def hold(self, tenant: TenantId, key: str, held: Held) -> None:
        """Hold one set; the least recently used ones make room."""
        self.drop(tenant, (key,))
        self._held[tenant, key] = held
        self.bytes_held += held.blocks.size_bytes
        while self.bytes_held > self.bytes_max and len(self._held) > 1:
            _, dropped = self._held.popitem(last=False)
            self.bytes_held -= dropped.blocks.size_bytes

    def get(self, tenant: TenantId, key: str) -> Held:
        """One set; `Absent` when it is not held."""
        if absent := self.missing(tenant, (key,)):
            raise Absent(absent)
        return self._held[tenant, key]

    def drop(self, tenant: TenantId, dropped: Iterable[str]) -> None:
        """Forget sets; keys not held are passed over."""
        for key in dropped:
            if held := self._held.pop((tenant, key), None):
                self.bytes_held -= held.blocks.size_bytes

    def evaluate(self, tenant: TenantId, plan: Plan, want: Want) -> Evaluation:
        """What `plan` comes to; `Absent` when a set it reads is not held."""
        wanted = keys(plan)
        if absent := self.missing(tenant, wanted):
            raise Absent(absent)
        stored = {key: self._held[tenant, key] for key in wanted}
        sets = {key: held.blocks for key, held in stored.items()}
        if not want.members and not want.sample:
            total, counts = count(plan, sets)
            return Evaluation(total=total, counts=counts)
        found, counts = evaluate(plan, sets)
        as_of = min((held.as_of for held in stored.values()), default=EPOCH)
        members = CustomerSet(tenant, found, as_of)
        sampled = sample_numbers(want.sample_salt, members.array(), want.sample).tolist()
        return Evaluation(
            total=len(members),
            counts=counts,
            members=members if want.members else None,
            sample=tuple(sampled) if want.sample else None,
        )
