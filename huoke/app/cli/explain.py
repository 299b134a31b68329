"""`huoke explain`: why one customer is in a segment or not, as a tree."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import msgspec
from cyclopts import App, Parameter
from rich.text import Text
from rich.tree import Tree

from huoke.app.cli.printing import stdout
from huoke.app.cli.session import As, Bank, open_session, run
from huoke.kernel.clock import CHINA
from huoke.know import customers, language, segments
from huoke.know.customers import CustomerUnknown
from huoke.know.language import Verdict
from huoke.know.segments import Explanation, NodeExplanation, Scope, SegmentUnknown

app = App(name="explain", help="Say why a customer is in a segment or not, and what would turn it around.")


class Language(StrEnum):
    """What the tree is written in."""

    ZH = "zh"
    EN = "en"


Customer = Annotated[str, Parameter(help="A customer number, whole.")]
Segment = Annotated[str, Parameter(help="A segment's id, or its whole name.")]
InLanguage = Annotated[Language, Parameter(name="--language", help="What the tree is written in.")]
AsJson = Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")]

_MARKS = {Verdict.TRUE: ("✓", "green"), Verdict.FALSE: ("✗", "red"), Verdict.UNKNOWN: ("?", "yellow")}
_WORDS = {
    "in": ("在客群内", "In the segment"),
    "out": ("不在客群内", "Not in the segment"),
    "closed": ("已销户", "the customer is closed"),
    "basis": ("没有使用依据", "nothing allows the purpose"),
    "all": ("全部满足", "all of"),
    "any": ("任一满足", "any of"),
    "not": ("排除", "not"),
    "segment": ("客群", "segment"),
    "upload": ("名单", "list"),
    "bucket": ("按比例抽取", "random share"),
    "sequence": ("先后", "in this order"),
    "rank": ("排名", "rank"),
    "value": ("现为", "is"),
    "last": ("最近一次", "last"),
    "as_of": ("截至", "as of"),
    "not_done": ("未发生", "not done"),
    "absent": ("之后没有发生", "did not follow"),
    "late": ("发生得太晚", "came too late"),
    "never": ("期间发生了不应有的行为", "what must not come between did"),
    "place": ("第 {place} 名，共 {ranked} 户，取 {taken} 户", "no. {place} of {ranked}, {taken} are taken"),
    "no_place": ("没有名次，共 {ranked} 户，取 {taken} 户", "no place; {ranked} have one, {taken} are taken"),
    "to_be_in": ("最少改变以下各项即可进入：", "The least that would have to change to be in:"),
    "to_be_out": ("最少改变以下各项即会离开：", "The least that would have to change to be out:"),
}


@app.default
def explain(
    customer: Customer,
    segment: Segment,
    *,
    bank: Bank,
    as_: As,
    language: InLanguage = Language.ZH,
    as_json: AsJson = False,
) -> None:
    """Say why CUSTOMER is in SEGMENT or not: every condition with its value, and what would turn it around."""
    found = run(_explain(customer, segment, bank, as_))
    if as_json:
        print(msgspec.json.encode(found).decode())
        return
    console = stdout()
    for line in told(found, language):
        console.print(line)


def told(found: Explanation, chosen: Language) -> Iterator[Text | Tree]:
    """An explanation as lines and one tree."""

    def say(word: str, **more: Any) -> str:
        return _WORDS[word][chosen is Language.EN].format(**more)

    def label(node: NodeExplanation) -> str:
        if node.steps:
            return " → ".join(step.label_en if chosen is Language.EN else step.label for step in node.steps)
        return (node.label_en if chosen is Language.EN else node.label) or node.name

    yield Text(say("in" if found.member else "out"), style="bold")
    for reason in found.scope:
        yield Text(say(reason), style="yellow")
    trees: dict[str, Tree] = {}
    for node in found.nodes:
        branch = Text.assemble(_MARKS[node.verdict], " ", _asked(node, label(node), say), (_found(node, say), "dim"))
        above = trees.get(_above(node.path, trees))
        trees[node.path] = Tree(branch) if above is None else above.add(branch)
        for number, step in enumerate(node.steps, start=1):
            name = step.label_en if chosen is Language.EN else step.label
            done = f"{step.at.astimezone(CHINA):%Y-%m-%d %H:%M}" if step.at else say("not_done")
            stopped = say(node.stopped) if node.stopped and number == node.value + 1 > 1 else ""
            trees[node.path].add(Text.assemble(f"{number}. {name} {done} ", (stopped, "red")))
    yield trees[""]
    if found.flips:
        yield Text(say("to_be_out" if found.verdict is Verdict.TRUE else "to_be_in"))
    by_path = {node.path: node for node in found.nodes}
    for flip in found.flips:
        node = by_path[flip.path]
        sign, _, value = flip.needed.partition(" ")
        yield Text(f"  {label(node)} {sign} {_said(node, value) if node.money else value}")


def _above(path: str, there: dict[str, Tree]) -> str:
    """The nearest node above one; not(x) has its part right below it."""
    while "/" in path:
        path = path.rpartition("/")[0]
        if path in there:
            return path
    return path


def _asked(node: NodeExplanation, label: str, say: Any) -> str:
    match node.kind:
        case "attr" | "event" | "tag" | "rank":
            kind = f"{say('rank')} " if node.kind == "rank" else ""
            return f"{kind}{label} {node.op} {_said(node, node.threshold)}".rstrip()
        case "sequence":
            return f"{say('sequence')} {label} {node.value}/{node.threshold}"
        case "segment" | "upload":
            return f"{say(node.kind)} {label}"
        case kind:
            return str(say(kind))


def _found(node: NodeExplanation, say: Any) -> str:
    """What was found: value, place, last event, source."""
    parts = []
    if node.kind in ("attr", "event", "tag", "rank", "bucket"):
        parts.append(f"{say('value')} {'****' if node.masked else _said(node, node.value) or '—'}")
    if node.rank is not None:
        word = "no_place" if node.rank.place is None else "place"
        parts.append(say(word, place=node.rank.place, ranked=node.rank.ranked, taken=node.rank.taken))
    if node.kind == "event" and node.last_at is not None:
        parts.append(f"{say('last')} {node.last_at.astimezone(CHINA):%Y-%m-%d %H:%M}")
    if node.source:
        parts.append(" ".join(filter(None, [node.source.partition("/")[0], node.origin])))
    if node.as_of is not None:
        parts.append(f"{say('as_of')} {node.as_of.astimezone(CHINA):%Y-%m-%d %H:%M}")
    return "".join(f" · {part}" for part in parts)


def _said(node: NodeExplanation, value: Any) -> str:
    """A value or a threshold: amounts in yuan, several side by side, nothing for none."""
    each = value if isinstance(value, list) else [] if value is None else [value]
    return ", ".join(f"¥{int(one) / 100:,.2f}" if node.money else str(one) for one in each)


async def _explain(customer: str, named: str, bank: str, login: str) -> Explanation:
    async with open_session(bank, login) as session, session.begin("customer.read") as tx:
        units = session.principal.units
        try:
            segment = await segments.get(tx, UUID(named), units=units)
        except ValueError:
            rows, _ = await segments.find(tx, q=named, units=units)
            exact = [one for one in rows if one.name == named]
            if len(exact) != 1:
                raise SegmentUnknown(f"There are {len(exact)} segments named '{named[:64]}': give an id.") from None
            (segment,) = exact
        found = await customers.find_by_no(tx, [customer])
        if customer not in found:
            raise CustomerUnknown(f"There is no customer '{customer[:64]}'.")
        scope = Scope(
            units=units, segment_id=segment.id, purpose=segment.purpose, serves=segment.serves, basis=segment.basis
        )
        expression = language.parse(segment.expression)
        clickhouse = session.runtime.clickhouse
        explained = await segments.explain(tx, expression, scope, found[customer], clickhouse=clickhouse)
        await segments.keep(tx, expression, explained, segment.id)
        return explained
