"""The sets a process holds in memory: least recently used go first when the cap is reached."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence

from pyroaring import BitMap

from huoke.kernel.ids import TenantId
from huoke.kernel.sets.buckets import sample_numbers
from huoke.kernel.sets.customer_set import CustomerSet, ForeignSet, to_array
from huoke.kernel.sets.plan import Evaluation, Evaluator, Plan, Want, keys

BYTES_MAX = 512 * 1024 * 1024


class Absent(LookupError):  # noqa: N818 - an answer, not an error
    """Sets a plan names are not in the cache: put them and ask again."""

    def __init__(self, absent: Sequence[str]) -> None:
        super().__init__(f"{len(absent)} sets are not in memory")
        self.keys = tuple(absent)


class SetCache:
    """Bitmaps by bank and key, with a cap on their bytes (as serialised, which is close to what they take)."""

    def __init__(self, bytes_max: int = BYTES_MAX) -> None:
        self.bytes_max = bytes_max
        self.bytes_held = 0
        self._held: OrderedDict[tuple[int, str], tuple[CustomerSet, int]] = OrderedDict()

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
            members = CustomerSet.from_bytes(payload)
            if members.tenant != tenant:
                raise ForeignSet(f"a set of bank {members.tenant} was put for bank {tenant}")
            self.drop(tenant, (key,))
            self._held[tenant, key] = (members, len(payload))
            self.bytes_held += len(payload)
        while self.bytes_held > self.bytes_max and len(self._held) > 1:
            _, (_, size) = self._held.popitem(last=False)
            self.bytes_held -= size

    def drop(self, tenant: TenantId, dropped: Iterable[str]) -> None:
        """Forget sets; keys not held are passed over."""
        for key in dropped:
            if held := self._held.pop((tenant, key), None):
                self.bytes_held -= held[1]

    def evaluate(self, tenant: TenantId, plan: Plan, want: Want) -> Evaluation:
        """What `plan` comes to; `Absent` when a set it reads is not held."""
        wanted = keys(plan)
        if absent := self.missing(tenant, wanted):
            raise Absent(absent)
        stored = {key: self._held[tenant, key][0] for key in wanted}
        evaluator = Evaluator({key: held.bitmap for key, held in stored.items()})
        bitmap = evaluator.run(plan)
        members = CustomerSet(tenant, bitmap, min(held.as_of for held in stored.values())) if stored else None
        sampled = tuple(_sample(bitmap, want)) if want.sample else None
        return Evaluation(
            total=len(bitmap), counts=evaluator.counts, members=members if want.members else None, sample=sampled
        )


def _sample(bitmap: BitMap, want: Want) -> list[int]:
    sampled: list[int] = sample_numbers(want.sample_salt, to_array(bitmap), want.sample).tolist()
    return sampled
