"""Settings of a bank: declared in code with type, default and limits; a bank stores only what it sets differently.

A module declares its own beside what uses them (`KEY = tenants.declare(...)`); those that several modules ask for stand
at the end of this file.
"""

from datetime import time
from typing import Any, Generic, TypeVar

import msgspec

from huoke.kernel.refusals import Invalid, NotFound

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class SettingUnfit(Invalid):
    """The value has the wrong type or lies outside its limits."""

    code = "settings.unfit"


class SettingUnknown(NotFound):
    """No module declares this key."""

    code = "settings.unknown"


class Setting(msgspec.Struct, Generic[T_co], frozen=True, kw_only=True):
    """One number or choice of a bank. `rule` is the compliance rule that it serves, if any; limits are inclusive."""

    key: str
    type: Any
    default: T_co
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    rule: str = ""

    def read(self, raw: Any) -> T_co:
        """The typed value of what JSON gave; `SettingUnfit`."""
        try:
            value: T_co = msgspec.convert(raw, self.type)
        except msgspec.ValidationError as error:
            raise SettingUnfit(f"{self.key}: {error}.", pointer="/value", key=self.key) from None
        if isinstance(value, int | float) and not self._within(value):
            raise SettingUnfit(
                f"{self.key} is {value}; it may be {_limits(self.minimum, self.maximum)}.",
                pointer="/value",
                key=self.key,
                minimum=self.minimum,
                maximum=self.maximum,
            )
        return value

    def _within(self, value: float) -> bool:
        return (self.minimum is None or value >= self.minimum) and (self.maximum is None or value <= self.maximum)


_declared: dict[str, Setting[Any]] = {}


def declare(
    key: str,
    kind: type[T] | Any,
    default: T,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    unit: str = "",
    rule: str = "",
) -> Setting[T]:
    """Declare a setting; `key` is `module.name`, and the default must itself be fit."""
    assert key not in _declared, f"setting {key} is declared twice"
    wanted: Setting[T] = Setting(
        key=key, type=kind, default=default, minimum=minimum, maximum=maximum, unit=unit, rule=rule
    )
    wanted.read(msgspec.to_builtins(default))
    _declared[key] = wanted
    return wanted


def declared(key: str) -> Setting[Any]:
    """The setting of that key; `SettingUnknown`."""
    if key not in _declared:
        raise SettingUnknown(f"There is no setting '{key[:60]}'.", pointer="/key")
    return _declared[key]


def all_declared() -> list[Setting[Any]]:
    """Every declared setting, by key."""
    return [_declared[key] for key in sorted(_declared)]


def _limits(minimum: float | None, maximum: float | None) -> str:
    if minimum is None or maximum is None:
        return f"at least {minimum}" if maximum is None else f"at most {maximum}"
    return f"{minimum} to {maximum}"


class QuietHours(msgspec.Struct, frozen=True):
    """From `start` until `end` of the customer's local time nothing is sent; may cross midnight."""

    start: time
    end: time


CONTROL_PERCENT = declare("experiments.control_percent", int, 10, minimum=0, maximum=50, unit="percent", rule="E1")
REASK_DAYS = declare("consent.reask_days", int, 90, minimum=30, maximum=3650, unit="days", rule="P3")
QUIET_HOURS = declare("contact_policy.quiet_hours", QuietHours, QuietHours(time(21), time(8)), rule="M2")
LOG_MONTHS = declare("audit.log_months", int, 36, minimum=6, maximum=240, unit="months", rule="D1")
