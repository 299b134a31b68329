"""The rings planted in a demo are those that are found, and nobody else."""

import csv
import io
from datetime import date, timedelta

import numpy as np

from huoke.app.demo.banks import BANKS
from huoke.app.demo.related import relations_csv
from huoke.app.demo.telling import Story
from huoke.know.relations import Graph, find_rings
from huoke.know.relations.engine import NOBODY
from huoke.know.relations.sql_lively import IDLE, WINDOW_DAYS

TODAY = date(2026, 11, 22)
DAY_MS = 86_400_000


def lively_days(world, history):
    """On how many days of the last 90 each customer did more than look around."""
    since = (np.datetime64(TODAY - timedelta(days=WINDOW_DAYS)).astype("datetime64[ms]")).astype(int)
    days = [
        np.stack([told.customer[told.at >= since], told.at[told.at >= since] // DAY_MS])
        for name, told in history.items()
        if name not in IDLE
    ]
    unique = np.unique(np.concatenate(days, axis=1), axis=1)
    return np.bincount(unique[0], minlength=len(world.people)).astype(np.int32)


def test_the_planted_rings_are_found_and_families_and_the_counters_tablet_left_in_peace():
    _, world, history = next(Story(plan=BANKS[0], customers=5_000, today=TODAY).slices())
    body, _, planted = relations_csv(world.people, 7, "X")
    rows = list(csv.DictReader(io.StringIO(body.decode())))
    place = {number: at for at, number in enumerate(world.people.customer_no.tolist())}
    used = sorted({(place[row["customer_no"]], row["other"]) for row in rows if row["kind"] == "device"})
    devices = {name: at for at, name in enumerate(sorted({name for _, name in used}))}
    inviter = np.full(len(world.people), NOBODY, np.int32)
    for row in rows:
        if row["kind"] == "referral":
            inviter[place[row["other"]]] = place[row["customer_no"]]
    opened = np.full(len(world.people), 10_000, np.int32)
    for row in rows:
        if row["kind"] == "device":
            at = place[row["customer_no"]]
            opened[at] = min(opened[at], (date.fromisoformat(row["since"]) - date(2020, 1, 1)).days)
    graph = Graph(
        inviter=inviter, opened=opened, lively=lively_days(world, history),
        account=np.array([who for who, _ in used], np.int32),
        device=np.array([devices[name] for _, name in used], np.int32),
    )  # fmt: skip
    rings = find_rings(graph)
    found = [
        {world.people.customer_no[who] for who in rings.members[rings.starts[at] : rings.starts[at + 1]].tolist()}
        for at in range(len(rings.score))
    ]
    assert len(planted) == 2
    assert sorted(found, key=len) == sorted(({*ring.members, ring.organiser} for ring in planted), key=len)
