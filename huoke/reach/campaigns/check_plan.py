"""The rules about what a campaign plans beside audience and money: message, quiet hours, releases, company it keeps."""

from collections.abc import Sequence
from datetime import datetime

from huoke.govern.approvals import Check, CheckVerdict
from huoke.kernel.clock import CHINA
from huoke.kernel.money import format_yuan
from huoke.know.segments import LeftOut
from huoke.reach.campaigns.model import Draft, Overlap, Waterfall
from huoke.reach.campaigns.plan import MessageChannel, MessagePlan
from huoke.reach.campaigns.verdict import check, verdict_of
from huoke.reach.channels import Letter, cost_fen

QUIET_FROM, QUIET_UNTIL = 21, 8
"""Hours in which nobody is written to (rule M2), in the customers' time."""
OVERLAP_PERCENT = 20
"""Share of those reached that another campaign may reach too before the maker is told so."""


def plan_rules(
    draft: Draft,
    waterfall: Waterfall,
    overlaps: Sequence[Overlap],
    letter: Letter | None,
    left_out: Sequence[LeftOut] = (),
) -> list[Check]:
    """In the order a checker reads them; what is not planned has no line. `letter` is the message as it arrives."""
    lines = [_left_out(left_out)] if left_out else []
    lines += [_overlap(waterfall, overlaps)] if not draft.published else []
    message = draft.message
    if message is not None and message.channel is not MessageChannel.NONE and not draft.published:
        lines += [_message(letter, waterfall), _quiet(message, draft)]
    if draft.releases or draft.pilot:
        lines.append(_releases(draft))
    return lines


def _left_out(left_out: Sequence[LeftOut]) -> Check:
    zh = "、".join(f"「{one.name}」{one.count:,} 户" for one in left_out)
    en = ", ".join(f"{one.count:,} by '{one.name}'" for one in left_out)
    return check(
        "S2",
        "excluded",
        CheckVerdict.PASS,
        f"排除名单已从客群中剔除：{zh}",
        f"Always left out, so not in the audience: {en}",
        lists=[{"id": str(one.id), "name": one.name, "count": one.count} for one in left_out],
        customers=sum(one.count if one.alone is None else one.alone for one in left_out),
    )


def _overlap(waterfall: Waterfall, overlaps: Sequence[Overlap]) -> Check:
    if not overlaps:
        return check("OVERLAP", "overlap_none", CheckVerdict.PASS, "与在途活动无重叠", "Meets no other live campaign")
    most = overlaps[0]
    return check(
        "OVERLAP",
        "overlap",
        verdict_of(warn=most.customers * 100 > OVERLAP_PERCENT * waterfall.reachable),
        f"与 {len(overlaps)} 个在途活动重叠，最多 {most.customers:,} 户（{most.name}）",
        f"Meets {len(overlaps)} live campaigns, in at most {most.customers:,} customers ('{most.name}')",
        campaigns=len(overlaps),
        customers=most.customers,
    )


def _message(letter: Letter | None, waterfall: Waterfall) -> Check:
    if letter is None:
        zh, en = "名单下发另行审批，带水印并留痕（F3）", "The list is handed over by an approval of its own (F3)"
        return check("M1", "message_list", CheckVerdict.PASS, zh, en)
    parts = max((written.parts for written in letter.written), default=0)
    most, price = parts * waterfall.reachable, letter.price_fen_per_thousand
    if price is None:
        zh, en = "；银行尚未接入短信网关", "; the bank has no gateway yet"
    else:
        yuan = format_yuan(cost_fen(most, price))
        zh, en = f"，约 {yuan} 元", f", about {yuan} yuan"
    return check(
        "M1",
        "message_sms",
        verdict_of(warn=price is None),
        f"短信只发给同意营销的客户，附署名与退订；每条 {parts} 段，最多 {most:,} 段{zh}",
        f"Only consenting customers, with sender and opt-out; {parts} parts each, {most:,} at most{en}",
        parts=parts,
        most=most,
    )


def _quiet(message: MessagePlan, draft: Draft) -> Check:
    at = message.send_at or draft.opens_at
    if at is not None and is_quiet(at):
        return check(
            "M2",
            "quiet_hours",
            CheckVerdict.WARN,
            "发送时间在静默时段（21:00–08:00），将顺延到 08:00；频次上限在发送时检查",
            "Sending falls into quiet hours (21:00–08:00) and waits until 08:00; caps are checked when it is sent",
        )
    return check(
        "M2",
        "quiet_free",
        CheckVerdict.PASS,
        "发送时间避开静默时段，频次上限在发送时检查",
        "Sending keeps clear of quiet hours; caps are checked when it is sent",
    )


def is_quiet(at: datetime) -> bool:
    """Whether an instant lies in quiet hours."""
    hour = at.astimezone(CHINA).hour
    return hour >= QUIET_FROM or hour < QUIET_UNTIL


def _releases(draft: Draft) -> Check:
    steps = [f"{step.percent}%" for step in draft.releases] or ["100%"]
    first = ["白名单"] if draft.pilot else []
    first_en = ["pilot list"] if draft.pilot else []
    return check(
        "RELEASE",
        "releases",
        CheckVerdict.PASS,
        f"分步放量：{' → '.join([*first, *steps])}，异常时自动停在当前一步",
        f"Released in steps: {' → '.join([*first_en, *steps])}; an alarm holds the next one",
    )
