"""What is wrong with a draft, field by field: what it may never hold, and what it lacks before it can be submitted."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from huoke.decide.experiments import PERCENT_MAX
from huoke.kernel.money import FEN_MAX
from huoke.know import metrics
from huoke.reach.campaigns.lines import lines_of, share_stock
from huoke.reach.campaigns.model import CampaignMode, Draft, FieldProblem
from huoke.reach.campaigns.plan import (
    AFTER_HOURS_MAX,
    ENTRY_NAME_LENGTH_MAX,
    ENTRY_POINTS_MAX,
    METRIC_DAYS_MAX,
    RELEASES_MAX,
    SMS_LENGTH_MAX,
    VARIABLES,
    MessageChannel,
    MessagePlan,
)

NAME_LENGTH_MAX = 60
GOAL_LENGTH_MAX = 500
TEXT_LENGTHS_MAX = {"title": 40, "subtitle": 80, "rules": 4_000}
PERSON_LIMIT_MAX = 1_000
VALID_DAYS_MAX = 3_660
STOCK_MAX = 2**31 - 1
SHARES_MAX = 1_000
LINES_MAX = 48
"""Benefits of a bundle and all its variants, as the catalogue allows."""
_VARIABLE = re.compile(r"\{(\w*)\}")


def limits(draft: Draft) -> Iterator[FieldProblem]:
    """Values no draft may hold, even an unfinished one."""
    if not 1 <= len(draft.name.strip()) <= NAME_LENGTH_MAX:
        yield _problem("/name", "name", f"A name has 1 to {NAME_LENGTH_MAX} characters.", most=NAME_LENGTH_MAX)
    if len(draft.goal) > GOAL_LENGTH_MAX:
        yield _problem("/goal", "goal", f"A goal has at most {GOAL_LENGTH_MAX} characters.", most=GOAL_LENGTH_MAX)
    yield from _range(draft.person_limit, "/person_limit", 1, PERSON_LIMIT_MAX)
    yield from _range(draft.stock, "/stock", 0, STOCK_MAX)
    yield from _range(draft.budget_fen, "/budget_fen", 0, FEN_MAX)
    yield from _range(draft.valid_days, "/valid_days", 1, VALID_DAYS_MAX)
    yield from _range(draft.control_percent, "/control_percent", 0, PERCENT_MAX)
    for name in ("opens_at", "closes_at"):
        instant = getattr(draft, name)
        if instant is not None and instant.tzinfo is None:
            yield _problem(f"/{name}", "time_zone", f"{name} needs a time zone, such as 2026-03-02T09:00:00+08:00.")
    for language in ("zh", "en"):
        for field, most in TEXT_LENGTHS_MAX.items():
            if len(getattr(getattr(draft.page_texts, language), field)) > most:
                pointer = f"/page_texts/{language}/{field}"
                yield _problem(pointer, "text_long", f"The {field} has at most {most} characters.", most=most)
    yield from _line_limits(draft)
    yield from _share_limits(draft)
    yield from _plan_limits(draft)


def gaps(draft: Draft, now: datetime, *, costs: bool = True) -> Iterator[FieldProblem]:
    """What a draft still lacks before it can be submitted; what `costs` nothing asks for no money."""
    yield from _audience_gaps(draft)
    yield from _benefit_gaps(draft)
    if draft.budget_id is None:
        yield _problem("/budget_id", "missing", "Choose the budget that pays.")
    if costs and not draft.budget_fen:
        yield _problem("/budget_fen", "missing", "Say what it may cost.")
    yield from _window_gaps(draft, now)
    yield from _plan_gaps(draft)
    for language in ("zh", "en"):
        for field in ("title", "rules"):
            if not getattr(getattr(draft.page_texts, language), field).strip():
                yield _problem(f"/page_texts/{language}/{field}", "missing", f"Write the page's {field}.")


def _benefit_gaps(draft: Draft) -> Iterator[FieldProblem]:
    if draft.bundle_id is None:
        if draft.sku_id is None:
            yield _problem("/sku_id", "missing", "Choose a benefit.")
        if not draft.stock:
            yield _problem("/stock", "missing", "Say how many are given.")
        return
    if not draft.lines:
        yield _problem("/lines", "missing", "Say how many there are of each benefit.")
    for place, line in enumerate(draft.lines):
        if not line.stock:
            yield _problem(f"/lines/{place}/stock", "missing", "Say how many are given.")


def _audience_gaps(draft: Draft) -> Iterator[FieldProblem]:
    if draft.mode is CampaignMode.PUSH and draft.published:
        yield _problem("/published", "push_published", "Only a pull campaign is open to everybody.")
    targeted = draft.mode is CampaignMode.PUSH or not draft.published
    if targeted and draft.segment_id is None and draft.audience_id is None:
        yield _problem("/segment_id", "audience_missing", "Choose a segment or an audience.")
    if draft.condition_segment_id is not None and draft.mode is CampaignMode.PUSH:
        yield _problem(
            "/condition_segment_id", "condition_push", "A condition is asked when claiming from a pull campaign only."
        )
    if draft.published and draft.control_percent:
        yield _problem(
            "/control_percent", "control_published", "A published offer has no control group; set it to 0 (rule E1)."
        )


def _window_gaps(draft: Draft, now: datetime) -> Iterator[FieldProblem]:
    if draft.opens_at is None:
        yield _problem("/opens_at", "missing", "Say when it opens.")
    if draft.closes_at is None:
        yield _problem("/closes_at", "missing", "Say when it closes.")
        return
    if draft.opens_at is not None and draft.closes_at <= draft.opens_at:
        yield _problem("/closes_at", "window_backwards", "It closes after it opens.")
    elif draft.closes_at <= now:
        yield _problem("/closes_at", "window_over", "The window is over already.")


def _plan_limits(draft: Draft) -> Iterator[FieldProblem]:
    yield from _range(draft.metric_days, "/metric_days", 1, METRIC_DAYS_MAX)
    names: set[str] = set()
    if len(draft.entry_points) > ENTRY_POINTS_MAX:
        yield _problem("/entry_points", "entries_many", f"At most {ENTRY_POINTS_MAX} ways in.", most=ENTRY_POINTS_MAX)
    for place, entry in enumerate(draft.entry_points):
        pointer = f"/entry_points/{place}/name"
        if len(entry.name) > ENTRY_NAME_LENGTH_MAX:
            yield _problem(pointer, "text_long", f"At most {ENTRY_NAME_LENGTH_MAX} characters.", most=40)
        if entry.name.strip() and entry.name.strip() in names:
            yield _problem(pointer, "entry_twice", "Another way in has this name.")
        names.add(entry.name.strip())
    if draft.message is not None:
        for language in ("zh", "en"):
            if len(getattr(draft.message.texts, language)) > SMS_LENGTH_MAX:
                pointer = f"/message/texts/{language}"
                yield _problem(pointer, "text_long", f"At most {SMS_LENGTH_MAX} characters.", most=SMS_LENGTH_MAX)
        if draft.message.send_at is not None and draft.message.send_at.tzinfo is None:
            yield _problem("/message/send_at", "time_zone", "send_at needs a time zone.")
    yield from _release_limits(draft)


def _release_limits(draft: Draft) -> Iterator[FieldProblem]:
    if len(draft.releases) > RELEASES_MAX:
        yield _problem("/releases", "releases_many", f"At most {RELEASES_MAX} steps.", most=RELEASES_MAX)
    before = 0
    for place, step in enumerate(draft.releases):
        yield from _range(step.percent, f"/releases/{place}/percent", 1, 100)
        if step.percent <= before:
            yield _problem(f"/releases/{place}/percent", "release_order", "Each step is larger than the one before.")
        before = step.percent
        if step.after_hours is not None:
            yield from _range(step.after_hours, f"/releases/{place}/after_hours", 0, AFTER_HOURS_MAX)


def _plan_gaps(draft: Draft) -> Iterator[FieldProblem]:
    if draft.metric is not None and draft.metric not in {metric.id for metric in metrics.find()}:
        yield _problem("/metric", "metric_unknown", "There is no such metric.")
    for place, entry in enumerate(draft.entry_points):
        if not entry.name.strip():
            yield _problem(f"/entry_points/{place}/name", "missing", "Give the way in a name.")
    if draft.releases and draft.releases[-1].percent != 100:
        yield _problem("/releases", "release_rest", "The last step releases 100 %.")
    if draft.published and (draft.releases or draft.pilot):
        yield _problem("/releases", "release_published", "A public offer refuses nobody, so it has no steps (rule E1).")
    if draft.message is not None and draft.message.channel is MessageChannel.SMS:
        yield from _message_gaps(draft, draft.message)


def _message_gaps(draft: Draft, message: MessagePlan) -> Iterator[FieldProblem]:
    if draft.published:
        yield _problem("/message/channel", "message_published", "A public offer singles out nobody to write to.")
    for language in ("zh", "en"):
        text = getattr(message.texts, language)
        pointer = f"/message/texts/{language}"
        if not text.strip():
            yield _problem(pointer, "missing", "Write the message.")
        elif unknown := sorted(set(_VARIABLE.findall(text)) - set(VARIABLES)):
            names = ", ".join(f"{{{name}}}" for name in unknown)
            yield _problem(pointer, "variable_unknown", f"Nothing is known as {names}.", names=names)


def _line_limits(draft: Draft) -> Iterator[FieldProblem]:
    if draft.bundle_id is not None and (draft.sku_id is not None or draft.stock or draft.pool_id is not None):
        yield _problem("/bundle_id", "benefit_twice", "A campaign gives one benefit or one bundle.")
    if draft.bundle_id is None and draft.lines:
        yield _problem("/lines", "lines_alone", "Lines are of a bundle; choose one.")
    if len(draft.lines) > LINES_MAX:
        yield _problem("/lines", "range", f"A bundle has at most {LINES_MAX} benefits.", most=LINES_MAX)
    seen: set[UUID] = set()
    for place, line in enumerate(draft.lines):
        yield from _range(line.stock, f"/lines/{place}/stock", 0, STOCK_MAX)
        if line.sku_id in seen:
            yield _problem(f"/lines/{place}/sku_id", "line_twice", "This benefit has a line already.")
        seen.add(line.sku_id)


def _share_limits(draft: Draft) -> Iterator[FieldProblem]:
    if len(draft.shares) > SHARES_MAX:
        yield _problem("/shares", "shares_many", f"At most {SHARES_MAX} shares.", most=SHARES_MAX)
    seen: set[int] = set()
    for place, share in enumerate(draft.shares):
        if share.unit_id in seen:
            yield _problem(f"/shares/{place}/unit_id", "share_twice", "This unit has a share already.")
        seen.add(share.unit_id)
        yield from _range(share.amount_fen, f"/shares/{place}/amount_fen", 0, FEN_MAX)
        yield from _range(share.stock, f"/shares/{place}/stock", 0, STOCK_MAX)
        for sku_id, stock in share.stocks.items():
            yield from _range(stock, f"/shares/{place}/stocks/{sku_id}", 0, STOCK_MAX)
        lines = {line.sku_id for line in draft.lines}
        if not lines.issuperset(share.stocks) or (draft.bundle_id is not None and share.stock):
            yield _problem(f"/shares/{place}/stocks", "share_line", "A share has stock of the campaign's own benefits.")
    amount = sum(share.amount_fen for share in draft.shares)
    if amount > draft.budget_fen:
        yield _problem(
            "/shares", "shares_amount", "The shares are more than the budget.", sum=amount, most=draft.budget_fen
        )
    for line in lines_of(draft):
        stock = sum(share_stock(draft, share, line) for share in draft.shares)
        if stock > line.stock:
            yield _problem("/shares", "shares_stock", "The shares are more than the stock.", sum=stock, most=line.stock)


def _range(value: int, pointer: str, least: int, most: int) -> Iterator[FieldProblem]:
    if not least <= value <= most:
        sentence = f"{pointer[1:]} is {value}; it may be {least} to {most}."
        yield _problem(pointer, "range", sentence, least=least, most=most)


def _problem(pointer: str, code: str, detail: str, **data: Any) -> FieldProblem:
    return FieldProblem(pointer=pointer, code=code, detail=detail, data=data)
