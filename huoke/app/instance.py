"""An instance's home on disk: who holds it, what it is called, which ports are its own.

home/lock            held by the one `huoke up` of this home; its number inside
home/instance.json   the settings every other command reads
home/processes.json  what the supervisor runs at present
home/master.key      wraps every key of every bank (mode 0600)
home/log/            one file per process
home/clickhouse/     derived data; home/postgres/ the truth, or below /var/lib/huoke when root runs it
"""

import fcntl
import os
import secrets
import string
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from huoke.kernel import settings
from huoke.kernel.engines.place import Place, find_place, short_folder
from huoke.kernel.engines.ports import keep, keep_from
from huoke.kernel.engines.postgres import feed_url
from huoke.kernel.refusals import Outage
from huoke.kernel.settings import Settings

WEB_PORT = 8400
BANK_APP_PORT = 8480
SUPPLIER_PORT = 8490
SMS_PORT = 8495
CASHIER_PORT = 8475
PARTNER_PORT = 8470
COUPON_PORT = 8465


class Running(msgspec.Struct, frozen=True):
    """One process of an instance as the supervisor last saw it."""

    name: str
    pid: int
    restarts: int


class Held(Outage):
    """Another `huoke up` runs this home."""


@contextmanager
def hold(home: Path) -> Iterator[None]:
    """Be the only one to run the instance at `home`; `Held` when somebody else does."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    (home / "log").mkdir(exist_ok=True)
    with (home / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Held(f"The instance at {home} already runs (process {holder(home)}).") from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def holder(home: Path) -> int | None:
    """The process that runs the instance at `home`, or None."""
    with suppress(FileNotFoundError), (home / "lock").open("r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(lock.read() or 0)
    return None


def prepare(home: Path, *, web_port: int = 0, demo: bool = False) -> tuple[Settings, Place | None]:
    """The settings to start with, and the place of the embedded PostgreSQL (None when DATABASE_URL names another).

    A first start chooses a name and a free port for the web and keeps them; a later one refuses when that is taken. The
    demo's bank app moves on to another port. A home that was begun without the demo never becomes one.
    """
    known = _known(home)
    if demo and known and not known.demo:
        raise Outage(f"{home} holds an instance that is no demo; give the demo a home of its own with --home.")
    instance = known.instance if known else _new_name()
    place, urls = _databases(home, instance, os.environ)
    chosen = Settings(
        home=home,
        instance=instance,
        database_url=urls[0],
        database_owner_url=urls[1],
        database_feed_url=urls[2],
        clickhouse_url=os.environ.get("CLICKHOUSE_URL", ""),
        set_server_path=str(short_folder(home / "sockets", instance) / "sets"),
        secure_cookies=known.secure_cookies if known else False,
        web_port=_web_port(web_port or (known.web_port if known else 0)),
        demo=known.demo if known else demo,
        bank_app_port=keep_from(known.bank_app_port if known and known.bank_app_port else BANK_APP_PORT),
        supplier_port=keep_from(known.supplier_port if known and known.supplier_port else SUPPLIER_PORT),
        sms_port=keep_from(known.sms_port if known and known.sms_port else SMS_PORT),
        cashier_port=keep_from(known.cashier_port if known and known.cashier_port else CASHIER_PORT),
        partner_port=keep_from(known.partner_port if known and known.partner_port else PARTNER_PORT),
        coupon_port=keep_from(known.coupon_port if known and known.coupon_port else COUPON_PORT),
    )
    _make_master_key(chosen.key_path)
    if place is not None:
        _claim(place, home)
    return chosen, place


def write_processes(home: Path, running: list[Running]) -> None:
    """Tell `huoke status` what runs."""
    draft = home / "processes.new"
    draft.write_bytes(msgspec.json.encode(running))
    draft.replace(home / "processes.json")


def read_processes(home: Path) -> list[Running]:
    """What the supervisor wrote last."""
    with suppress(FileNotFoundError):
        return msgspec.json.decode((home / "processes.json").read_bytes(), type=list[Running])
    return []


def _known(home: Path) -> Settings | None:
    try:
        return settings.load(home)
    except Outage:
        return None


def _new_name() -> str:
    return "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(8))


def _web_port(own: int) -> int:
    if not own:
        return keep_from(WEB_PORT)
    if not keep(own):
        raise Outage(f"Port {own}, this instance's own, is taken by another program; end it, or give --port.")
    return own


def _databases(home: Path, instance: str, environment: Mapping[str, str]) -> tuple[Place | None, list[str]]:
    """Where PostgreSQL is to run (None: elsewhere) and the addresses known so far."""
    url, owner_url = environment.get("DATABASE_URL", ""), environment.get("DATABASE_OWNER_URL", "")
    if bool(url) != bool(owner_url):
        raise Outage("DATABASE_URL and DATABASE_OWNER_URL go together: set both (roles huoke_app and huoke_owner).")
    feed = environment.get("DATABASE_FEED_URL") or (feed_url(owner_url) if owner_url else "")
    return None if url else find_place(home, instance), [url, owner_url, feed]


def _claim(place: Place, home: Path) -> None:
    """Refuse to run another home's databases: a copied home carries the name of the one it was copied from."""
    if place.user is None:
        return
    place.make()
    mark = place.data.parent / "home"
    former = Path(mark.read_text()) if mark.exists() else home
    if former != home and (former / "instance.json").exists():
        raise Outage(f"{home} is a copy of {former}, whose databases it would share: remove its instance.json first.")
    mark.write_text(str(home))


def _make_master_key(path: Path) -> None:
    if not path.exists():
        draft = path.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_bytes(secrets.token_bytes(32))
        draft.replace(path)
