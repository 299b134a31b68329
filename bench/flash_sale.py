"""A flash sale over HTTP: 100,000 attempts on 3,000 units, three storms of retries, and not one unit too many or few.

25,000 attempts come first: of 20,000 customers, a quarter of whom try again under another number. Then everything comes
three times more with the same numbers, at once, and every seventh caller hangs up before the answer. One person may
have one. The server is the real API process (edge, micro-batch, claim route) on a socket of its own.
"""

import time
from collections import defaultdict
from typing import Any

import msgspec

from bench.draw import people
from bench.grants import BANK, Connection, _drive, _p99_ms, _server, _world, engines
from huoke.kernel.tx import Database
from huoke.reward import grants
from huoke.reward.grants import Mode, Offer, Terms

ATTEMPTS = 100_000
STOCK = 3_000
WAVES = 4
HANG_UP_EVERY = 7


async def run(size: int | None = None) -> list[dict[str, Any]]:
    """Attempts a second and what became of the stock; `size` attempts in all."""
    wave = (size or ATTEMPTS) // WAVES
    customers = wave * 4 // 5
    stock = min(STOCK, customers // 2)
    async with engines() as (owner, database, url):
        await people(owner, customers)
        offer = await _world(database, Mode.PULL, stock=stock)
        async with _server(database, url, offer) as connect:
            crowd = Crowd(connect, offer, wave, customers)
            began = time.perf_counter()
            latencies = []
            for storm in range(WAVES):
                crowd.storm = storm
                latencies += (await _drive(crowd.attempt, wave))[1]
            seconds = time.perf_counter() - began
            crowd.close()
        granted, persons, most, available, sums = await _count(database, offer)
    return [
        {
            "name": "flash-sale",
            "ours": round(wave * WAVES / seconds),
            "unit": "attempts/s over HTTP",
            "baseline": None,
            "baseline_value": None,
            "ratio": None,
            "attempts": wave * WAVES,
            "hung_up": crowd.hung_up,
            "granted": granted,
            "over": max(granted - stock, 0),
            "under": max(stock - granted, 0),
            "p99_ms": round(_p99_ms(latencies), 1),
            "checks": {
                f"exactly {stock:,} were granted": granted == stock and available == 0,
                "nobody has more than one": most == 1 and persons == granted,
                "a retry answers what the first try did": crowd.contradictions == 0,
                "pool, steps and limits add up": sums,
            },
        }
    ]


class Crowd:
    """Callers that try, try again and hang up; remembers what each number was told."""

    def __init__(self, connect: Any, offer: Offer, wave: int, customers: int) -> None:
        self._connect, self._offer = connect, offer
        self._wave, self._customers = wave, customers
        self._free: list[Connection] = []
        self._told: defaultdict[int, set[bytes]] = defaultdict(set)
        self.storm = 0
        self.hung_up = 0

    @property
    def contradictions(self) -> int:
        """Numbers that were told of two different grants."""
        return sum(len(ids) > 1 for ids in self._told.values())

    async def attempt(self, number: int) -> None:
        """One attempt of a wave; in a storm every seventh caller hangs up at once."""
        connection = self._free.pop() if self._free else await self._connect()
        seq = number % self._customers
        body = msgspec.json.encode([{"request_no": f"{self._offer.id.hex}-{number}", "offer_id": self._offer.id}])
        if self.storm and number % HANG_UP_EVERY == self.storm:
            connection.send("/v1/grants/claims", seq, body)
            connection.close()
            self.hung_up += 1
            return
        [answer] = msgspec.json.decode(await connection.post("/v1/grants/claims", seq, body))
        if answer["status"] == "done":
            self._told[number].add(str(answer["id"]).encode())
        self._free.append(connection)

    def close(self) -> None:
        """Hang up all."""
        for connection in self._free:
            connection.close()


async def _count(database: Database, offer: Offer) -> tuple[int, int, int, int, bool]:
    """Grants, persons, the most of one person, units left, and whether everything adds up."""
    terms: Terms = next(iter(offer.unit_terms.values()))
    async with database.begin(BANK) as tx:
        row = await tx.fetch_row(
            "SELECT count(*) AS granted, count(DISTINCT person) AS persons FROM grants.grant WHERE offer_id = $1",
            offer.id,
        )
        most = await tx.fetch_value(
            "SELECT max(n) FROM (SELECT count(*) AS n FROM grants.grant WHERE offer_id = $1 GROUP BY person) AS p",
            offer.id,
        )
        [pool] = await grants.get_pools(tx, [terms.pool_id])
        sound = await grants.verify(tx) == []
    assert row is not None
    return row["granted"], row["persons"], most, pool.available, sound
