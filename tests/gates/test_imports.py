"""Who may import whom: calls go down the layers, by the front door; models stay pure, transport at the edge."""

import ast
import subprocess
import sys
from functools import cache

from tests.gates.sources import ROOT, imports_of, module_of, name_of, source_files, tree_of

KERNEL_FREE = ("huoke.kernel",)
TRANSPORT = ("litestar", "starlette", "granian", "uvicorn")
IMPURE = (
    "asyncpg",
    "sqlalchemy",
    "litestar",
    "clickhouse_connect",
    "chdb",
    "httpx",
    "pgqueuer",
    "socket",
    "subprocess",
)


def test_every_module_is_entered_by_its_front_door():
    """Another module's files are nobody's business; kernel rooms may be named one level deep."""
    through_the_window = []
    for path in source_files():
        own = name_of(path)
        if own.startswith("huoke.app"):
            continue
        for line, module, name in imports_of(path):
            home = module_of(module)
            target = f"{module}.{name}" if name and module_of(module) == module else module
            if home is None or module_of(own) == home or home.startswith(KERNEL_FREE):
                continue
            if module != home or (is_file_of(home, target) and name not in lent_by(home)):
                through_the_window.append(f"{path.relative_to(ROOT)}:{line} imports {target}")
    assert not through_the_window


@cache
def lent_by(home: str) -> set[str]:
    """The names in a front door's __all__."""
    door = tree_of(ROOT / home.replace(".", "/") / "__init__.py")
    lists = [node.value for node in door.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.List)]
    return {element.value for one in lists for element in one.elts if isinstance(element, ast.Constant)}


@cache
def is_file_of(home: str, target: str) -> bool:
    return target != home and (ROOT / (target.replace(".", "/") + ".py")).exists()


def test_models_import_no_framework_and_no_sql():
    impure = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in source_files()
        if path.name == "model.py"
        for line, module, _ in imports_of(path)
        if module.split(".")[0] in IMPURE or module.endswith((".store", ".tables", ".http"))
    ]
    assert not impure


def test_transport_lives_at_the_edge():
    inside = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in source_files()
        for line, module, _ in imports_of(path)
        if module.split(".")[0] in TRANSPORT
        if path.name != "http.py" and not name_of(path).startswith(("huoke.kernel.http", "huoke.app"))
    ]
    assert not inside


def test_layers_and_cycles_keep_their_contracts():
    """Layers and cycles are import-linter's; its contracts stand in pyproject.toml."""
    ran = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
