"""Amending a play that runs: only in its customers' favour, asked for, decided by others, told on its rules page."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from huoke.govern import approvals
from huoke.govern.approvals import Check, CheckVerdict, FieldChange
from huoke.kernel.ids import new_id
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reward import catalogue, grants
from huoke.reward.plays import store, store_amend, store_design
from huoke.reward.plays.approve import published_line, said, terms_of
from huoke.reward.plays.check import cost_most_fen, rules, standing
from huoke.reward.plays.draft import gaps, locked, record, require, seen
from huoke.reward.plays.events import PlayAmended
from huoke.reward.plays.favour import against
from huoke.reward.plays.model import Amendment, Draft, NewAmendment, Play, PlayState, Prize, PrizeTable
from huoke.reward.plays.refusals import AmendmentOpen, PlayUnfit

KIND = "play_amendment"
LIVE = (PlayState.LIVE, PlayState.PAUSED)


async def amend(tx: Tx, principal: Principal, play_id: UUID, new: NewAmendment) -> UUID:
    """Ask for a change of a play that runs and return the approval's id; it takes effect when others have approved.

    Raises `PlayUnknown`, `WrongState` unless it runs, `PlayUnfit` with every field not in the customers' favour,
    `AmendmentOpen`, `approvals.CheckFailed`.
    """
    play = await locked(tx, play_id, principal)
    require(play, *LIVE)
    if problems := [*against(play.draft, new.draft, new.stock), *gaps(new.draft)]:
        told = [{"pointer": one.pointer, "code": one.code, "detail": one.detail} for one in problems]
        raise PlayUnfit(problems[0].detail, pointer=problems[0].pointer, problems=told)
    if new.draft.closes_at is not None and new.draft.closes_at <= tx.now:
        raise PlayUnfit("The play would be over already.", pointer="/closes_at")
    amendment_id = new_id()
    if not await store_amend.insert(tx, amendment_id, play, new.draft, new.stock, new.zh.strip(), new.en.strip()):
        raise AmendmentOpen("The play has a change that is not decided yet.")
    change = approvals.NewChange(
        kind=KIND,
        subject_id=str(amendment_id),
        title=play.draft.name,
        diff=_changes(play.draft, new.draft, new.stock, new.zh, new.en),
        unit_id=play.unit_id,
    )
    change_id = await approvals.submit(tx, change)
    await store_amend.set_change(tx, amendment_id, change_id)
    await record(tx, "plays.amend", play_id, play.unit_id, reason=new.zh, after=msgspec.to_builtins(new))
    return change_id


async def amendments(tx: Tx, principal: Principal, play_id: UUID) -> list[Amendment]:
    """Every change that was asked for of a play in scope, the latest first; `PlayUnknown`."""
    return await store_amend.of_play(tx, (await seen(tx, play_id, principal)).id)


class AmendmentApproval:
    """Serves approvals of kind `play_amendment`."""

    kind = KIND

    async def simulate(self, tx: Tx, subject_id: str) -> approvals.Simulation:
        """What all prizes cost together before and after, and the odds of winning something."""
        play, amendment = await _pair(tx, subject_id)
        facts = await standing(tx, amendment.draft)
        named = [[(prize, facts.skus.get(prize.sku_id)) for prize in draft.prizes if prize.sku_id is not None]
                 for draft in (play.draft, amendment.draft)]  # fmt: skip
        most = [cost_most_fen(prizes, facts.pools) for prizes in named]
        for line, units in amendment.stock.items():
            sku = facts.skus.get(play.draft.prizes[line].sku_id or UUID(int=0))
            most[1] += units * sku.cost_fen if sku else 0
        won = [sum(prize.odds_ppm for prize, _ in prizes) / 1_000_000 for prizes in named]
        return approvals.Simulation(
            rows=(
                _row("cost_most", "全部奖品成本", "Cost of all prizes", "fen", most),
                _row("won", "中奖概率", "Odds of winning something", "share", won),
            )
        )

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """Whether it is still in the customers' favour, and every rule of a play for what it would be."""
        play, amendment = await _pair(tx, subject_id)
        problems = [*against(play.draft, amendment.draft, amendment.stock)]
        favour = Check(
            rule="L3",
            verdict=CheckVerdict.FAIL if problems else CheckVerdict.PASS,
            detail="不利于客户，不能变更" if problems else "只作有利于客户的变更，变更记录公示在规则页",
            detail_en=problems[0].detail if problems else "Only in the customers' favour; the rules page tells it",
            data={"code": "favour", "problems": [one.pointer for one in problems]},
        )
        return [favour, *await rules(tx, msgspec.structs.replace(play, draft=amendment.draft))]

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Publish the new table, move the end, add stock; `approvals.Stale` when the play moved meanwhile."""
        amendment = await _get(tx, subject_id)
        play = await locked(tx, amendment.play_id)
        diff = _changes(play.draft, amendment.draft, amendment.stock, amendment.zh, amendment.en)
        stale = (
            play.state not in LIVE or amendment.state != "submitted" or amendment.table_version != play.table_version
        )
        if stale or approvals.diff_hash(diff) != diff_hash:
            raise approvals.Stale("The play moved meanwhile; ask for the change again.")
        table = await _publish(tx, play, amendment)
        await store.insert_table(tx, play.id, table)
        await store_design.keep_version(tx, play.id, play.version + 1, amendment.draft, made_by=amendment.made_by)
        await store_amend.amend(tx, amendment, table, play.version + 1)
        now = await locked(tx, play.id)
        assert now.closes_at is not None, "an amended play has a window"
        await store_design.insert_release(tx, now, table.version, now.closes_at, amendment.zh, amendment.en)
        await store_amend.close(tx, amendment.id, "applied")
        await record(tx, "plays.amended", play.id, play.unit_id, reason=amendment.zh, after={"table": table.version})
        tx.emit(PlayAmended(play_id=play.id, table_version=table.version, table_hash=table.digest().hex()))

    async def close(self, tx: Tx, subject_id: str, state: approvals.ChangeState) -> None:
        """A change that was not approved leaves the play as it is."""
        amendment = await _get(tx, subject_id)
        await store_amend.close(tx, amendment.id, "refused")
        play = await locked(tx, amendment.play_id)
        await record(tx, "plays.amendment_refused", play.id, play.unit_id, reason=state.value)


async def _publish(tx: Tx, play: Play, amendment: Amendment) -> PrizeTable:
    """Extend and fill the offers there are, publish those of further prizes; the table as it will stand."""
    draft = amendment.draft
    table = (await store.tables(tx, [play.id]))[play.id][play.table_version]
    assert draft.closes_at is not None, "a checked play has a window"
    for old in table.prizes:
        if old.offer_id is not None and draft.closes_at != play.closes_at:
            await grants.extend_offer(tx, old.offer_id, draft.closes_at)
    for line, units in sorted(amendment.stock.items()):
        offer_id = table.prizes[line].offer_id
        assert offer_id is not None, "stock is added to a prize"
        await grants.top_up(tx, offer_id, stock=units)
    amended = msgspec.structs.replace(play, draft=draft, closes_at=draft.closes_at)
    prizes: list[Prize] = []
    for line, prize in enumerate(draft.prizes):
        if line < len(table.prizes):
            changed = {name: getattr(prize, name) for name in ("odds_ppm", "per_day", "per_person")}
            prizes.append(msgspec.structs.replace(table.prizes[line], **changed))
            continue
        assert prize.sku_id is not None, "what is added is a prize"
        sku = await catalogue.sku(tx, prize.sku_id)
        offer_id = await grants.publish_offer(tx, terms_of(tx, amended, line, prize, sku))
        prizes.append(published_line(line, prize, sku, offer_id))
    return PrizeTable(
        version=table.version + 1,
        prizes=prizes,
        draws_a_day=draft.draws_a_day,
        guarantee_after=draft.guarantee_after,
        guarantee_line=draft.guarantee_line,
    )


async def _get(tx: Tx, subject_id: str) -> Amendment:
    amendment = await store_amend.get(tx, UUID(subject_id))
    assert amendment is not None, "a change's subject is an amendment"
    return amendment


async def _pair(tx: Tx, subject_id: str) -> tuple[Play, Amendment]:
    amendment = await _get(tx, subject_id)
    return await locked(tx, amendment.play_id), amendment


def _changes(before: Draft, after: Draft, stock: Mapping[int, int], zh: str, en: str) -> tuple[FieldChange, ...]:
    """What would change, field by field, and what the rules page will say of it."""
    ends = [one.closes_at and one.closes_at.isoformat() for one in (before, after)]
    told: list[tuple[str, str, str, str, object, object]] = [
        ("closes_at", "结束", "Closes", "instant", ends[0], ends[1]),
        ("daily_chances", "每日机会", "Chances a day", "count", before.daily_chances, after.daily_chances),
        ("draws_a_day", "每人每日上限", "Draws a day", "count", before.draws_a_day, after.draws_a_day),
        ("guarantee", "保底", "Guarantee", "count", before.guarantee_after, after.guarantee_after),
    ]
    for line, prize in enumerate(after.prizes):
        old = said(before.prizes[line]) if line < len(before.prizes) else None
        told.append((f"prizes/{line}", f"奖品 {line + 1}", f"Prize {line + 1}", "text", old, said(prize)))
    for line, units in sorted(stock.items()):
        told.append((f"stock/{line}", f"奖品 {line + 1} 追加", f"Prize {line + 1}, more", "count", 0, units))
    fields = [
        FieldChange(path=path, label=label, label_en=label_en, before=old, after=new, unit=unit, group="plan")
        for path, label, label_en, unit, old, new in told
        if old != new
    ]
    copy = [("zh", "公示说明", "What is told", zh), ("en", "英文公示说明", "What is told in English", en)]
    return (
        *fields,
        *(
            FieldChange(path=path, label=label, label_en=label_en, before=None, after=text, unit="text", group="copy")
            for path, label, label_en, text in copy
            if text.strip()
        ),
    )


def _row(key: str, label: str, label_en: str, unit: str, pair: list[float] | list[int]) -> approvals.SimulationRow:
    before, after = pair
    return approvals.SimulationRow(key=key, label=label, label_en=label_en, unit=unit, before=before, after=after)
