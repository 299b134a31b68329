"""Mutation testing of the money core: every small change of a rule must turn a test red.

`python -m bench.mutate` changes one operator, constant or condition of a pure rule at a time, in a forked process, and
runs the rules' own tests there, which need no database. It prints how many mutants were killed and lists those that
lived; the exit code is 1 below 90 %. Names of modules (`ledger.debt`) choose some of them. Examples are the same in
every run, and no test fails for being slow: a busy machine kills no mutant.
"""

import ast
import contextlib
import copy
import importlib
import inspect
import io
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from types import ModuleType

import hypothesis
import pytest

LEDGER, EXCHANGE = "tests/reward/ledger/test_rules.py", "tests/reward/exchange/test_rules.py"
CORE: dict[str, tuple[str, tuple[str, ...]]] = {
    "huoke.reward.ledger.model": (LEDGER, ("check_amount",)),
    "huoke.reward.ledger.settle": (LEDGER, ()),
    "huoke.reward.ledger.points": (LEDGER, ("first_in_first_out",)),
    "huoke.reward.ledger.debt": (LEDGER, ("plan", "spread")),
    "huoke.reward.exchange.model": (
        EXCHANGE,
        ("Card", "Room", "quote", "check_card", "_check_limits", "_check_tiers", "require_amount", "undo_until",
         "heard", "back_off", "same"),
    ),
    "huoke.reward.reductions.model": (
        "tests/reward/reductions/test_parts.py", ("Shares", "shares_of", "part", "divide"),
    ),
    "huoke.reward.points.model": ("tests/reward/points/test_expiry.py", ("last_day", "expires_at", "_on", "cost_of")),
    "huoke.reward.points.engine": (
        "tests/reward/points/test_engine_rules.py tests/reward/points/test_engine.py",
        ("Columns", "candidates", "_in_season", "_fulfilled", "_percents", "_multiplied", "spans", "keys", "cut",
         "_within"),
    ),
    "huoke.reward.ledger.budget": (
        "tests/reward/ledger/test_budget_rules.py", ("_check_related", "_check_expected", "_transfer", "columns"),
    ),
    "huoke.reward.plays.chance": (
        "tests/reward/plays/test_chance.py",
        ("outcome_of", "bounds_of", "line_at", "settle", "_wins", "_barred"),
    ),
    "huoke.reward.group_buy.model": (
        "tests/reward/group_buy/test_rules.py",
        ("Programme", "refuse_seat", "_refuse_party", "party_end", "check_terms"),
    ),
    "huoke.reward.mall.model": ("tests/reward/mall/test_rules.py", ("check_item",)),
    "huoke.reward.payments.model": ("tests/reward/payments/test_rules.py", ("check_charge", "waits")),
    "huoke.settle.tax.model": ("tests/settle/test_tax_rules.py", ("owed", "month_of", "next_month")),
    "huoke.reward.tiers.model": (
        "tests/reward/tiers/test_rules.py",
        ("check_scheme", "_check_level", "month_of", "months_counted", "months_closed", "held_until", "earned",
         "review"),
    ),
    "huoke.reward.referral.model": (
        "tests/reward/referral/test_rules.py",
        ("Programme", "judge", "refuse_bond", "benefits_of", "line_of", "side_of", "_channel_line", "pointer_of",
         "refuse_channel", "check_terms", "_wrong_help", "_wrong_channels", "money_of", "_rising"),
    ),
}  # fmt: skip
"""Modules, the files of their rules' tests, and which of their functions and classes; none named means all."""
SECONDS = 60
LEAST = 0.9
_COMPARE = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
            ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In}  # fmt: skip
_BINARY = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv}
_NAMES = {"min": "max", "max": "min"}


def mutants(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(place of a node in a walk, what is changed) of every mutant of a definition."""
    for place, node in enumerate(ast.walk(tree)):
        if isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARE:
            yield place, "compare"
        elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _BINARY:
            yield place, "operator"
        elif isinstance(node, ast.BoolOp):
            yield place, "and/or"
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
            yield place, "sign"
        elif isinstance(node, ast.Constant) and type(node.value) is int:
            yield place, "number"
        elif isinstance(node, ast.Name) and node.id in _NAMES:
            yield place, "min/max"
        elif isinstance(node, ast.IfExp):
            yield place, "branches"


def mutate(tree: ast.AST, place: int) -> None:
    """Change the node at a place of a walk."""
    node = list(ast.walk(tree))[place]
    if isinstance(node, ast.Compare):
        node.ops[0] = _COMPARE[type(node.ops[0])]()
    elif isinstance(node, ast.BinOp | ast.AugAssign):
        node.op = _BINARY[type(node.op)]()
    elif isinstance(node, ast.BoolOp):
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    elif isinstance(node, ast.UnaryOp):
        node.op = ast.UAdd() if isinstance(node.op, ast.USub) else ast.Not()
        if isinstance(node.op, ast.Not):
            node.operand = ast.UnaryOp(ast.Not(), node.operand)
    elif isinstance(node, ast.Constant):
        assert isinstance(node.value, int), "numbers only"
        node.value += 1
    elif isinstance(node, ast.Name):
        node.id = _NAMES[node.id]
    elif isinstance(node, ast.IfExp):
        node.body, node.orelse = node.orelse, node.body


def definitions(module: ModuleType) -> list[ast.FunctionDef | ast.ClassDef]:
    """The functions and classes to be changed."""
    _, wanted = CORE[module.__name__]
    tree = ast.parse(inspect.getsource(module))
    return [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and (not wanted or node.name in wanted)
    ]


def put(module: ModuleType, node: ast.FunctionDef | ast.ClassDef) -> None:
    """Define it anew, for everybody who imported it; values of a class that are there already behave anew too."""
    was = getattr(module, node.name)
    code = compile(ast.fix_missing_locations(ast.Module([node], [])), module.__file__ or "", "exec")
    exec(code, module.__dict__)
    if isinstance(node, ast.ClassDef):
        for one in node.body:
            if isinstance(one, ast.FunctionDef):
                setattr(was, one.name, vars(getattr(module, node.name))[one.name])
    for other in list(sys.modules.values()):
        for name, value in list(vars(other).items()) if isinstance(other, ModuleType) else ():
            if value is was:
                setattr(other, name, getattr(module, node.name))


def survives(module: ModuleType, node: ast.FunctionDef | ast.ClassDef, place: int | None) -> bool:
    """Whether the tests stay green with one node changed (None: as it is), in a process of its own."""
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS)
        status = 1
        with contextlib.suppress(BaseException), contextlib.redirect_stdout(io.StringIO()):
            if place is not None:
                changed = copy.deepcopy(node)
                mutate(changed, place)
                put(module, changed)
            status = int(
                pytest.main(
                    [
                        *CORE[module.__name__][0].split(),
                        "-x",
                        "-q",
                        "--noconftest",
                        "-p",
                        "no:xdist",
                        "-p",
                        "no:cacheprovider",
                    ]
                )
            )
        os._exit(1 if status else 0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def main(chosen: Sequence[str] = ()) -> int:
    """Run every mutant of all modules, or of those whose names end as told; 0 where enough were killed."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # the rules' tests need none, and loading them is most of a run
    hypothesis.settings.register_profile(
        "mutants", deadline=None, derandomize=True, max_examples=60, suppress_health_check=list(hypothesis.HealthCheck)
    )
    hypothesis.settings.load_profile("mutants")
    names = [name for name in CORE if not chosen or name.endswith(tuple(chosen))]
    for name in names:
        for path in CORE[name][0].split():
            importlib.import_module(path.removesuffix(".py").replace("/", "."))
    modules = [importlib.import_module(name) for name in names]
    for module in modules:
        if not survives(module, definitions(module)[0], None):
            print(f"The tests of {module.__name__} are red before anything is changed.")
            return 1
    alive, count = [], 0
    for module in modules:
        for node in definitions(module):
            for place, what in mutants(node):
                count += 1
                if survives(module, node, place):
                    line = getattr(list(ast.walk(node))[place], "lineno", node.lineno)
                    alive.append(f"{module.__name__}.{node.name}:{line} {what}")
                    print(alive[-1], flush=True)
    killed = count - len(alive)
    if not count:
        print("No such module: " + ", ".join(chosen))
        return 1
    print(f"{killed} of {count} killed ({killed / count:.1%})")
    return 0 if killed >= LEAST * count else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
