"""Routes of reconciliation."""

from typing import Any

routes: list[Any] = []
