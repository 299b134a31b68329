"""What one running instance needs to know: where its engines are and what it is called.

`huoke up` writes the file `instance.json` into the instance's home; every other command reads it. Environment variables
win over the file: DATABASE_URL (role huoke_app), DATABASE_OWNER_URL (role huoke_owner), CLICKHOUSE_URL,
HUOKE_IMPORT_ADDRESSES, HUOKE_LOG_MONTHS.
"""

import os
from pathlib import Path
from typing import Annotated, Any

import msgspec

from huoke.kernel.refusals import Outage


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """One instance. Addresses are libpq URLs; `clickhouse_url` is http://user:token@host:port."""

    home: Path
    instance: str
    database_url: str
    database_owner_url: str
    database_feed_url: str
    clickhouse_url: str
    web_port: int
    """Where the API, the console and the customers' pages listen, on 127.0.0.1."""
    bank_app_port: int = 0
    """Where the demo's small bank app listens; 0 when it does not run."""
    supplier_port: int = 0
    """Where the demo's suppliers listen; 0 when they do not run."""
    sms_port: int = 0
    """Where the demo's gateway of short messages listens, and shows every phone's inbox; 0 when it does not run."""
    cashier_port: int = 0
    """Where the demo's cashiers listen; 0 when they do not run."""
    partner_port: int = 0
    """Where the demo's partners of points listen; 0 when they do not run."""
    coupon_port: int = 0
    """Where the demo's platform of coupons listens; 0 when it does not run."""
    set_server_path: str = ""
    """Unix socket of the set-server process; empty when sets are computed in the calling process."""
    secure_cookies: bool = False
    """True behind TLS."""
    demo: bool = False
    """True for an instance that was begun as a demo: its clock may be moved, which no real bank's may."""

    log_months: Annotated[int, msgspec.Meta(ge=0, le=1_200)] = 3
    """Whole months of the business log that stay in PostgreSQL behind the running one; older ones are archives."""
    import_addresses: str = ""
    """Databases that imports may read: host:port, separated by commas; none where it is empty."""

    @property
    def key_path(self) -> Path:
        """The file with the instance's master key (mode 0600): lose it and every encrypted field is lost."""
        return self.home / "master.key"

    @property
    def clock_path(self) -> Path:
        """How a demo's clock runs; see `kernel.clock.PacedClock`."""
        return self.home / "clock.json"


def default_home() -> Path:
    """The instance's home: $HUOKE_HOME, else ./.huoke in the current folder."""
    return Path(os.environ.get("HUOKE_HOME") or ".huoke").absolute()


def load(home: Path | None = None) -> Settings:
    """Read the settings of the instance at `home`; `Outage` when it was never started or the file is damaged."""
    path = (home or default_home()) / "instance.json"
    try:
        stored = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except FileNotFoundError:
        raise Outage(f"No instance at {path.parent}: start it with 'huoke up', or set HUOKE_HOME.") from None
    except (OSError, msgspec.MsgspecError) as error:
        raise _unreadable(path, error) from None
    for field, variable in _VARIABLES.items():
        if value := os.environ.get(variable):
            stored[field] = value
    try:
        return msgspec.convert(stored, Settings, strict=False, dec_hook=lambda kind, value: kind(value))
    except msgspec.ValidationError as error:
        if given := [variable for variable in _VARIABLES.values() if os.environ.get(variable)]:
            raise Outage(f"{path} with {', '.join(given)} of the environment does not fit: {error}.") from None
        raise _unreadable(path, error) from None


def save(settings: Settings) -> None:
    """Write the settings where `load` finds them, whole or not at all, readable by the owner only."""
    path = settings.home / "instance.json"
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(settings, enc_hook=str), indent=2))
    draft.replace(path)


def _unreadable(path: Path, error: Exception) -> Outage:
    return Outage(f"{path} cannot be read: {error}. 'huoke up' writes it anew.")


_VARIABLES = {
    "database_url": "DATABASE_URL",
    "database_owner_url": "DATABASE_OWNER_URL",
    "database_feed_url": "DATABASE_FEED_URL",
    "clickhouse_url": "CLICKHOUSE_URL",
    "import_addresses": "HUOKE_IMPORT_ADDRESSES",
    "log_months": "HUOKE_LOG_MONTHS",
}
