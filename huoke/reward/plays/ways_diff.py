"""A play's way as those who decide read it: every day, milestone, mission and goal a field, with what it gives."""

from huoke.govern.approvals import FieldChange
from huoke.reward.plays.model import Draft
from huoke.reward.plays.ways import Mission, Reward

_MEASURES = {"times": "次", "days": "天", "amount": "分", "most": "最高值"}


def ways_diff(draft: Draft) -> list[FieldChange]:
    """Field by field, each new."""
    fields: list[FieldChange] = []
    checkin = draft.ways.checkin
    if checkin is not None:
        fields += [
            _field(f"checkin/days/{n}", f"连签第 {n + 1} 天", f"Day {n + 1} of a streak", _given(draft, one))
            for n, one in enumerate(checkin.days)
        ]
        fields += [
            _field(
                f"checkin/milestones/{one.days}",
                f"连签满 {one.days} 天",
                f"A streak of {one.days} days",
                _given(draft, one.gives),
            )
            for one in checkin.milestones
        ]
        told = f"每月 {checkin.cards_a_month} 张，可补最近 {checkin.back_days} 天"
        fields.append(_field("checkin/cards", "补签卡", "Make-up cards", told))
    for n, mission in enumerate(draft.ways.missions):
        fields.append(_field(f"missions/{n}", f"任务 {n + 1}", f"Mission {n + 1}", _mission(mission)))
        fields += [
            _field(
                f"missions/{n}/goals/{step}",
                f"任务 {n + 1} 满 {goal.target}",
                f"Mission {n + 1} at {goal.target}",
                _given(draft, goal.gives),
            )
            for step, goal in enumerate(mission.goals)
        ]
    return [*fields, *_quiz(draft), *_rounds(draft)]


def _quiz(draft: Draft) -> list[FieldChange]:
    quiz = draft.ways.quiz
    if quiz is None:
        return []
    told = f"每天 {quiz.ask} 题，限时 {quiz.seconds} 秒，答对 {quiz.needed} 题：{_given(draft, quiz.gives)}"
    return [
        _field("quiz", "答题", "Quiz", told),
        *(
            _field(
                f"quiz/questions/{n}",
                f"题目 {n + 1}",
                f"Question {n + 1}",
                f"{one.zh} → {one.options[one.answer].zh if one.answer < len(one.options) else '?'}",
            )
            for n, one in enumerate(quiz.questions)
        ),
    ]


def _rounds(draft: Draft) -> list[FieldChange]:
    fields, rain, cards = list[FieldChange](), draft.ways.rain, draft.ways.cards
    if rain is not None:
        told = f"每天 {'、'.join(rain.times)}，每场 {rain.seconds} 秒，每人每场一次"
        fields.append(_field("rain", "红包雨场次", "Rounds of the rain", told))
    if cards is not None:
        lines = "、".join(draft.prizes[line].title for line in cards.lines if line < len(draft.prizes))
        known = cards.wild is not None and cards.wild < len(draft.prizes)
        wild = f"，万能卡 {draft.prizes[cards.wild or 0].title}" if known else ""
        told = f"{lines}{wild}；每人最多 {cards.sets} 套：{_given(draft, cards.gives)}"
        fields.append(_field("cards", "卡片", "Cards", told))
        if (giving := cards.giving) is not None:
            told = (
                f"每人每天最多送 {giving.gives_a_day} 张、收 {giving.takes_a_day} 张，"
                f"活动期间最多收 {giving.takes} 张；{giving.hours} 小时内有效，收到的卡不能再送，不产生奖励"
            )
            fields.append(_field("cards/giving", "卡片赠送", "Giving cards", told))
    return fields


def _mission(mission: Mission) -> str:
    where = "，".join(f"{one.property} {one.op.value} {one.value}" for one in mission.where)
    span = "每日" if mission.span.value == "day" else "活动期间"
    undone = f"，{mission.undone_by.event} 撤回" if mission.undone_by else ""
    told = f"{mission.event}（{where}）" if where else mission.event
    return f"{mission.title} · {span} · {told} 按{_MEASURES[mission.measure]}{mission.property}{undone}"


def _given(draft: Draft, reward: Reward) -> str:
    parts = [] if reward.line is None else [draft.prizes[reward.line].title if reward.line < len(draft.prizes) else "?"]
    parts += [f"抽奖机会 {reward.chances} 次"] if reward.chances else []
    parts += [f"补签卡 {reward.cards} 张"] if reward.cards else []
    return " · ".join(parts) or "—"


def _field(path: str, label: str, label_en: str, after: str) -> FieldChange:
    return FieldChange(
        path=f"ways/{path}", label=label, label_en=label_en, before=None, after=after, unit="text", group="money"
    )
