"""A demo bank that moves: its customers log in, look, pay, open campaigns, claim, ignore, redeem and opt out.

Customers come through the doors real ones come through: the bank's app sends events and hands over phones; tellers
redeem; a withdrawal goes to the consent ledger. How often they come follows the hour of the instance's clock.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import numpy as np

from huoke.app.demo import behaviour, population, tills
from huoke.app.demo.behaviour import CATEGORIES, PAGES
from huoke.app.demo.brands import BRANDS
from huoke.app.demo.notes import BankNotes, Notes
from huoke.app.demo.phone import Visit, send_events, visit
from huoke.app.demo.plan import DemoBank
from huoke.app.demo.population import SLICE, Population
from huoke.app.demo.seasons import MORNING_AND_NIGHT
from huoke.app.demo.tills import Stores, Till
from huoke.app.demo.travel import run_at
from huoke.app.runtime import Runtime
from huoke.govern import identity, people, tenants
from huoke.govern.people import Role
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.principal import Principal
from huoke.kernel.refusals import Outage
from huoke.kernel.sets import CustomerSet
from huoke.know import consent, customers
from huoke.know.consent import MARKETING, Basis, Statement, Verdict
from huoke.reward import grants
from huoke.reward.grants import State
from huoke.reward.merchants import Place

TICK_SECONDS = 1.0
PHONES_AT_ONCE = 6
OPEN_SHARE = 0.55
CLAIM_SHARE = 0.7
REDEEM_SHARE = 0.5
OPT_OUT_SHARE = 0.004
QUIET_HOUR_MIN = 0.35
"""Even at four in the morning somebody is awake, and somebody watches the demo."""
LOOKED_AT = 200

Tally = Counter[str]
TOLD = ("logins", "looked", "claimed", "nothing", "refused", "ignored", "redeemed", "opted_out", "away")


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """One bank as the simulation needs it."""

    tenant: TenantId
    notes: BankNotes
    people: Population
    weights: np.ndarray[Any, np.dtype[np.float64]]
    teller: Principal
    outlets: Sequence[int]
    """Units at whose counters vouchers are redeemed."""
    stores: Stores
    noted: frozenset[int]
    """Customers whom the notes name for people to try: they stay as they are told."""


async def set_scene(runtime: Runtime, plan: DemoBank, notes: Notes) -> Scene:
    """Look the bank up; `Outage` where the demo is not ready."""
    own = next((bank for bank in notes.banks if bank.code == plan.code), None)
    if own is None or notes.began is None:
        raise Outage(f"The demo bank '{plan.code}' is not there yet: start it with 'huoke up --demo'.")
    tenant = await tenants.find_by_code(runtime.database, plan.code)
    teller = next(person for person in plan.people if person.role is Role.TELLER)
    count = min(notes.customers if own is notes.banks[0] else plan.customers, SLICE)
    crowd = population.draw(count, plan.seed, plan.place, notes.began.astimezone(CHINA).date())
    named = [customer.no for customer in own.customers]
    free = ~np.isin(crowd.customer_no, named)
    eager = crowd.activity * crowd.has_app * (crowd.quiet_days == 0) * ~crowd.prospect * free
    async with runtime.database.begin(tenant) as tx:
        units = {unit.code: int(unit.id) for unit in await people.units.tree(tx)}
        stores = await tills.find_stores(tx)
        noted = await customers.find_by_no(tx, named)
    return Scene(
        tenant=tenant,
        notes=own,
        people=crowd,
        weights=eager / eager.sum(),
        teller=await identity.principal_of_login(runtime.database, tenant, teller.login),
        outlets=[units[unit.code] for unit in plan.units],
        stores=stores,
        noted=frozenset(noted.values()),
    )


async def run(
    runtime: Runtime,
    scenes: Sequence[Scene],
    stop: asyncio.Event,
    *,
    per_minute: float,
    speed: float,
    told: Callable[[Tally], None],
    seed: int | None = None,
) -> Tally:
    """Let customers come, about `per_minute` of them, until `stop` is set; `told` hears the tally every second.

    The clock of the instance runs `speed` times as fast meanwhile, and at its own pace again afterwards.
    """
    random = np.random.default_rng(seed)
    tally: Tally = Counter()
    await run_at(runtime, speed)  # at 1 too: an earlier run that was killed left the clock running fast
    try:
        while not stop.is_set():
            began = asyncio.get_running_loop().time()
            for scene in scenes:
                count = random.poisson(per_minute * TICK_SECONDS / 60 * _hour(runtime) / len(scenes))
                tally += await tick(runtime, scene, random, int(count))
            told(tally)
            spent = asyncio.get_running_loop().time() - began
            await _rest(stop, TICK_SECONDS - spent)
    finally:
        if speed != 1:
            await run_at(runtime, 1)
    return tally


async def tick(runtime: Runtime, scene: Scene, random: np.random.Generator, count: int) -> Tally:
    """`count` customers come at once: events, visits, claims; then the counters redeem and some opt out."""
    tally: Tally = Counter()
    places = random.choice(len(scene.people), size=count, p=scene.weights)
    port = runtime.settings.web_port
    try:
        if count:
            messages = [message for place in places for message in _seen(runtime, scene, random, int(place))]
            await asyncio.to_thread(send_events, port, scene.notes.write_key, messages)
            tally["logins"] += count
            tally["events"] += len(messages)
        openers = places[random.random(count) < OPEN_SHARE] if scene.notes.entries else places[:0]
        tally["ignored"] += count - len(openers)
        for outcome in await _visits(runtime, scene, random, openers.tolist()):
            tally[outcome.value] += 1
        tally["redeemed"] += await _redeem(runtime, scene, random, count)
        leaving = places[random.random(count) < OPT_OUT_SHARE]
        tally["opted_out"] += await _opt_out(runtime, scene, leaving.tolist())
    except (OSError, Outage):
        tally["away"] += 1  # the API restarts, or was ended: the customers come again
    return tally


def _hour(runtime: Runtime) -> float:
    """How busy this hour is, against the average one."""
    weight = MORNING_AND_NIGHT[runtime.clock.now().astimezone(CHINA).hour]
    return max(weight * 24 / sum(MORNING_AND_NIGHT), QUIET_HOUR_MIN)


def _seen(runtime: Runtime, scene: Scene, random: np.random.Generator, place: int) -> list[dict[str, Any]]:
    """What the bank's app sees of one login: the login, a page or two, now and then a payment."""
    what: list[tuple[str, dict[str, Any]]] = [
        (behaviour.LOGIN, {"channel": "app", "device": "android" if place % 5 >= 2 else "ios"})
    ]
    what += [
        (behaviour.PAGE, {"name": PAGES[random.integers(len(PAGES))], "channel": "app"})
        for _ in range(random.integers(1, 3))
    ]
    if random.random() < 0.35:
        brand = BRANDS[random.integers(len(BRANDS))]
        assert brand.category in CATEGORIES, "a brand is of a known category"
        amount = int(random.lognormal(8.2, 0.8)) + 100
        paid = {"channel": "app", "category": brand.category, "merchant": brand.name, "amount_fen": amount}
        what.append((behaviour.PAYMENT, paid))
    now = runtime.clock.now().isoformat()
    return [
        {
            "type": "track",
            "messageId": str(new_id()),
            "userId": str(scene.people.customer_no[place]),
            "event": name,
            "timestamp": now,
            "properties": properties,
        }
        for name, properties in what
    ]


async def _visits(
    runtime: Runtime, scene: Scene, random: np.random.Generator, places: Sequence[int]
) -> Sequence[Visit]:
    phones = asyncio.Semaphore(PHONES_AT_ONCE)
    entries = [entry.code for entry in scene.notes.entries]

    async def one(place: int, entry: str, *, claims: bool) -> Visit:
        async with phones:
            number = str(scene.people.customer_no[place])
            return await asyncio.to_thread(visit, runtime.settings.web_port, scene.notes, number, entry, claims=claims)

    return await asyncio.gather(
        *(
            one(place, entries[random.integers(len(entries))], claims=bool(random.random() < CLAIM_SHARE))
            for place in places
        )
    )


async def _redeem(runtime: Runtime, scene: Scene, random: np.random.Generator, count: int) -> int:
    """Some of what customers hold is redeemed, at outlets all over the bank and in stores."""
    wanted = int(random.binomial(count, REDEEM_SHARE * OPEN_SHARE))
    if not wanted:
        return 0
    async with runtime.database.begin(scene.tenant) as tx:
        ready = await grants.find_grants(tx, states=[State.FULFILLED], limit=LOOKED_AT)
        good = [item for item in ready if item.expires_at and item.expires_at > tx.now and item.seq not in scene.noted]
    chosen = [good[place] for place in random.permutation(len(good))[:wanted]]
    outlet = Place(unit_id=scene.outlets[int(random.integers(len(scene.outlets)))])
    counter = Till(place=outlet, staff_id=scene.teller.actor.id, weight=1)
    return await tills.redeem(runtime.database, scene.tenant, chosen, counter, scene.stores, random)


async def _opt_out(runtime: Runtime, scene: Scene, places: Sequence[int]) -> int:
    if not places:
        return 0
    async with runtime.database.begin(scene.tenant) as tx:
        found = await customers.find_by_no(tx, [str(scene.people.customer_no[place]) for place in places])
        withdrawn = Statement(
            purpose=MARKETING,
            verdict=Verdict.WITHDRAWN,
            members=CustomerSet.of(tx.tenant, list(found.values()), tx.now),
            basis=Basis.CONSENT,
            channel="app",
        )
        await consent.record(tx, [withdrawn])
    return len(found)


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), max(seconds, 0))
    except TimeoutError:
        return
