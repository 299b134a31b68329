"""What a template is: everything of a draft that does not belong to one bank, one budget or one month."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from huoke.reach.campaigns.model import Draft


class Blueprint(msgspec.Struct, frozen=True, kw_only=True):
    """One template of the house. `expression` gives the rule of its segment on a day; `kind` is the benefit's."""

    key: str
    name: str
    name_en: str
    summary: str
    summary_en: str
    kind: str
    expression: Callable[[date], dict[str, Any]]
    draft: Draft


class TemplateView(msgspec.Struct, frozen=True, kw_only=True):
    """A template in the gallery. `missing` are facts its segment asks for that this bank has not imported.

    `id` is the key of a template of the house, or the id of one of the bank's own (`own`).
    """

    id: str
    own: bool
    name: str
    name_en: str
    summary: str
    summary_en: str
    kind: str
    mode: str
    metric: str | None
    control_percent: int
    missing: list[str]
    created_by: str = ""
    created_at: datetime | None = None


class NewTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """Keep a campaign to begin others from."""

    campaign_id: UUID
    name: str
    summary: str = ""


class UseTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """Begin a campaign from a template. `name` is the template's own when it is empty."""

    name: str = ""
    unit_id: int | None = None
    request_no: str | None = None
