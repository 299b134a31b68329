"""Submitting a play, and the port of approvals: its diff, its effects, its checks, and making it live."""

from uuid import UUID

import msgspec

from huoke.govern import approvals
from huoke.govern.approvals import FieldChange
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reward import catalogue, grants
from huoke.reward.catalogue import Sku
from huoke.reward.grants import Mode, Offer, Terms
from huoke.reward.plays import store, store_design
from huoke.reward.plays.chance import commitment_of
from huoke.reward.plays.channels import PlayChannel
from huoke.reward.plays.check import cost_most_fen, rules, standing, value_of
from huoke.reward.plays.draft import gaps, locked, record, require, seen
from huoke.reward.plays.events import PlayPublished, PlayStateChanged
from huoke.reward.plays.model import Draft, Play, PlayState, Prize, PrizeDraft, PrizeTable
from huoke.reward.plays.refusals import PlayUnfit
from huoke.reward.plays.seed import new_seed
from huoke.reward.plays.ways import CodeOf
from huoke.reward.plays.ways_diff import ways_diff

KIND = "play"
PERSON_LIMIT = 1_000_000
"""The draw itself counts prizes by person, so that a replay can; the offer does not stand in its way."""


_CHANNELS = {
    PlayChannel.APP: "手机银行",
    PlayChannel.WECHAT: "微信",
    PlayChannel.SMS: "短信链接",
    PlayChannel.LOBBY: "网点大堂",
}


class PlayApproval:
    """Serves approvals of kind `play`."""

    kind = KIND

    async def simulate(self, tx: Tx, subject_id: str) -> approvals.Simulation:
        """What a draw costs on average, and what all prizes cost together."""
        play = await locked(tx, UUID(subject_id))
        facts = await standing(tx, play.draft)
        prizes = [(prize, facts.skus.get(prize.sku_id)) for prize in play.draft.prizes if prize.sku_id is not None]
        average = sum(sku.cost_fen * prize.odds_ppm for prize, sku in prizes if sku) // 1_000_000
        won = sum(prize.odds_ppm for prize, _ in prizes) / 1_000_000
        rows = (
            _row("cost_a_draw", "每次抽奖平均成本", "Average cost of a draw", "fen", average),
            _row("cost_most", "全部奖品成本", "Cost of all prizes", "fen", cost_most_fen(prizes, facts.pools)),
            _row("won", "中奖概率", "Odds of winning something", "share", won),
        )
        return approvals.Simulation(rows=rows)

    async def check(self, tx: Tx, subject_id: str) -> list[approvals.Check]:
        """How every rule comes out now."""
        return await rules(tx, await locked(tx, UUID(subject_id)))

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Put the prizes on offer, publish table and commitment, and go live; `Stale` when it is another play now."""
        play = await locked(tx, UUID(subject_id))
        if play.state is not PlayState.SUBMITTED or approvals.diff_hash(diff_of(play)) != diff_hash:
            raise approvals.Stale("The play is no longer what was approved; return it to its maker.")
        table = await _offer(tx, play)
        await store.insert_table(tx, play.id, table)
        seed, sealed = await new_seed(tx, play.id)
        await store.publish(tx, play.id, sealed, commitment_of(seed))
        assert play.closes_at is not None, "a checked play has a window"
        await store_design.insert_release(tx, play, 1, play.closes_at, "", "")
        await record(tx, "plays.publish", play.id, play.unit_id, after={"state": "live"})
        tx.emit(
            PlayPublished(
                play_id=play.id,
                kind=play.draft.kind.value,
                commitment=commitment_of(seed).hex(),
                table_hash=table.digest().hex(),
            )
        )

    async def close(self, tx: Tx, subject_id: str, state: approvals.ChangeState) -> None:
        """A play that was not approved is its maker's draft again."""
        play = await locked(tx, UUID(subject_id))
        await store.set_state(tx, play.id, PlayState.DRAFT)
        await record(tx, "plays.return", play.id, play.unit_id, reason=state.value)
        tx.emit(PlayStateChanged(play_id=play.id, state="draft"))


async def submit(tx: Tx, principal: Principal, play_id: UUID) -> UUID:
    """Ask for a play's approval and return the change's id.

    Raises `PlayUnknown`, `WrongState`, `PlayUnfit` with every gap, `approvals.CheckFailed` where a rule says no.
    """
    play = await seen(tx, play_id, principal)
    play = await locked(tx, play_id, principal)
    require(play, PlayState.DRAFT)
    if problems := list(gaps(play.draft)):
        told = [{"pointer": one.pointer, "code": one.code, "detail": one.detail} for one in problems]
        raise PlayUnfit(problems[0].detail, pointer=problems[0].pointer, problems=told)
    await store.set_state(tx, play_id, PlayState.SUBMITTED)
    change = approvals.NewChange(
        kind=KIND, subject_id=str(play_id), title=play.draft.name, diff=diff_of(play), unit_id=play.unit_id
    )
    change_id = await approvals.submit(tx, change)
    await store.set_state(tx, play_id, PlayState.SUBMITTED, change_id=change_id)
    await record(tx, "plays.submit", play_id, play.unit_id, after={"change_id": str(change_id)})
    tx.emit(PlayStateChanged(play_id=play_id, state="submitted"))
    return change_id


def diff_of(play: Play) -> tuple[FieldChange, ...]:
    """Everything that is approved, each field new."""
    draft = play.draft
    fields = [
        _field("name", "名称", "Name", draft.name),
        _field("kind", "玩法", "Kind", draft.kind.value),
        _field("opens_at", "开始", "Opens", draft.opens_at and draft.opens_at.isoformat(), "instant"),
        _field("closes_at", "结束", "Closes", draft.closes_at and draft.closes_at.isoformat(), "instant"),
        _field("daily_chances", "每日机会", "Chances a day", draft.daily_chances, "count"),
        _field("welcome_chances", "首次机会", "Chances for a welcome", draft.welcome_chances, "count"),
        _field("draws_a_day", "每人每日上限", "Draws a day", draft.draws_a_day, "count"),
        _field("claim_days", "领奖期限（天）", "Days to claim", draft.claim_days, "count"),
        _field("budget_id", "预算", "Budget", str(draft.budget_id or "")),
        _field("segment_id", "参与条件", "Condition", str(draft.segment_id or "")),
        _field("lobby", "到店参与", "At the branch", _lobby(draft)),
        _field("channels", "可参与的渠道", "Channels", "、".join(_CHANNELS[one.channel] for one in draft.channels)),
        _field("guarantee", "保底", "Guarantee", _guarantee(draft)),
        *_copy(draft),
    ]
    fields += ways_diff(draft)
    fields += [
        _field(f"prizes/{line}", f"奖品 {line + 1}", f"Prize {line + 1}", said(prize), group="money")
        for line, prize in enumerate(draft.prizes)
    ]
    return tuple(field for field in fields if field.after not in (None, "", 0))


def _copy(draft: Draft) -> list[FieldChange]:
    """The words and the looks of the page, each with its field (rule B3)."""
    design = draft.design
    blocks = " → ".join(block.kind.value for block in design.blocks)
    headings = [("blocks", block.kind.value, block.zh, block.en) for block in design.blocks if block.zh or block.en]
    looks = [
        _field("title", "标题", "Title", draft.zh.title, group="copy"),
        _field("title_en", "英文标题", "Title in English", draft.en.title, group="copy"),
        _field("subtitle", "副标题", "Subtitle", draft.zh.subtitle, group="copy"),
        _field("subtitle_en", "英文副标题", "Subtitle in English", draft.en.subtitle, group="copy"),
        _field("rules", "规则", "Rules", draft.zh.rules, group="copy"),
        _field("rules_en", "英文规则", "Rules in English", draft.en.rules, group="copy"),
        *(
            field
            for one in draft.channels
            for field in (
                _field(
                    f"channels/{one.channel}",
                    f"{_CHANNELS[one.channel]}的规则",
                    f"Rules by {one.channel}",
                    one.zh,
                    group="copy",
                ),
                _field(
                    f"channels/{one.channel}/en",
                    f"{_CHANNELS[one.channel]}的英文规则",
                    f"English rules by {one.channel}",
                    one.en,
                    group="copy",
                ),
            )
        ),
        _field("design/season", "画面", "Picture", design.season and design.season.value, group="copy"),
        _field("design/picture_id", "头图", "Own picture", str(design.picture_id or ""), group="copy"),
        _field("design/blocks", "页面模块", "Blocks", blocks, group="copy"),
    ]
    looks += [
        _field(f"design/{name}/{kind}", f"模块标题 {kind}", f"Heading of {kind}", f"{zh} / {en}", group="copy")
        for name, kind, zh, en in headings
    ]
    if design.colours is not None:
        looks += [
            _field(f"design/colours/{name}", f"颜色 {name}", f"Colour {name}", value, group="copy")
            for name, value in msgspec.structs.asdict(design.colours).items()
        ]
    return looks


def _field(path: str, label: str, label_en: str, after: object, unit: str = "text", group: str = "plan") -> FieldChange:
    return FieldChange(path=path, label=label, label_en=label_en, before=None, after=after, unit=unit, group=group)


def said(prize: PrizeDraft) -> str:
    """A line of the table in words, as reviewers read it."""
    parts = [prize.title, f"{prize.odds_ppm / 10_000:g}%"]
    parts += [f"每日 {prize.per_day}"] if prize.per_day else []
    parts += [f"每人 {prize.per_person}"] if prize.per_person else []
    parts += [f"发完给第 {prize.fallback + 1} 项"] if prize.fallback is not None else []
    parts += [f"权益 {prize.sku_id}", f"库存池 {prize.pool_id}"] if prize.sku_id else []
    return " · ".join(parts)


def _guarantee(draft: Draft) -> str:
    if draft.guarantee_line is None:
        return ""
    return f"连续 {draft.guarantee_after} 次未中，得第 {draft.guarantee_line + 1} 项"


def _lobby(draft: Draft) -> str:
    if draft.lobby is None:
        return ""
    whose = "客户经理的二维码" if draft.lobby.by is CodeOf.RM else "网点的二维码"
    return f"到店签到后扫{whose}，每次到访 {draft.lobby.chances} 次机会"


def _row(key: str, label: str, label_en: str, unit: str, value: float) -> approvals.SimulationRow:
    return approvals.SimulationRow(key=key, label=label, label_en=label_en, unit=unit, before=None, after=value)


async def _offer(tx: Tx, play: Play) -> PrizeTable:
    """Publish an offer a prize, out of its own pool and the play's budget; the table as it will stand."""
    skus = {prize.sku_id: await catalogue.sku(tx, prize.sku_id) for prize in play.draft.prizes if prize.sku_id}
    prizes = []
    for line, prize in enumerate(play.draft.prizes):
        sku = skus[prize.sku_id] if prize.sku_id else None
        offer_id = None if sku is None else await grants.publish_offer(tx, terms_of(tx, play, line, prize, sku))
        prizes.append(published_line(line, prize, sku, offer_id))
    draft = play.draft
    return PrizeTable(
        version=1,
        prizes=prizes,
        draws_a_day=draft.draws_a_day,
        guarantee_after=draft.guarantee_after,
        guarantee_line=draft.guarantee_line,
    )


def terms_of(tx: Tx, play: Play, line: int, prize: PrizeDraft, sku: Sku) -> Offer:
    """The offer of a prize: out of its own pool and the play's budget, for the play's window."""
    assert prize.pool_id is not None, "a checked prize has a pool"
    assert play.draft.budget_id is not None, "a checked play has a budget"
    assert play.opens_at is not None, "a checked play has a window"
    assert play.closes_at is not None, "a checked play has a window"
    return grants.offer_of(
        sku,
        grants.Offering(
            source_kind=KIND,
            source_id=play.id,
            line=line,
            mode=Mode.PUSH if sku.handover is catalogue.Handover.ORDER else Mode.PULL,
            person_limit=PERSON_LIMIT,
            opens_at=play.opens_at,
            closes_at=play.closes_at,
            valid_days=max(sku.days_from(tx.now.date()), 1),
            unit_terms={grants.EVERY_UNIT: Terms(budget_id=play.draft.budget_id, pool_id=prize.pool_id)},
        ),
    )


def published_line(line: int, prize: PrizeDraft, sku: Sku | None, offer_id: UUID | None) -> Prize:
    """A line as it stands on the public table."""
    return Prize(
        line=line,
        title=prize.title,
        title_en=prize.title_en or (sku.name_en if sku else "") or prize.title,
        odds_ppm=prize.odds_ppm,
        per_day=prize.per_day,
        per_person=prize.per_person,
        fallback=prize.fallback,
        offer_id=offer_id,
        sku_id=sku.id if sku else None,
        kind=sku.kind.value if sku else "",
        value_fen=value_of(sku) if sku else 0,
        tax_code=sku.tax_code.value if sku else "",
        withholding_ppm=sku.withholding_ppm if sku else 0,
    )
