"""Reads the source tree for the gates."""

import ast
import gc
from functools import cache, lru_cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@lru_cache(maxsize=1)
def source_files() -> tuple[Path, ...]:
    return tuple(sorted((ROOT / "huoke").rglob("*.py")))


@cache
def tree_of(path: Path) -> ast.Module:
    """A file's tree, kept out of the garbage collector's way, which would look through all of them again and again."""
    gc.disable()
    try:
        return ast.parse(path.read_text(), filename=str(path))
    finally:
        gc.freeze()
        gc.enable()


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """All of a file's tree, walked once for everybody who looks through it."""
    return tuple(ast.walk(tree_of(path)))


def name_of(path: Path) -> str:
    """huoke/know/segments/store.py → huoke.know.segments.store"""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def module_of(dotted: str) -> str | None:
    """The module a dotted name lies in: huoke.know.segments.store → huoke.know.segments; None for single files."""
    parts = dotted.split(".")
    if len(parts) >= 3 and (ROOT / "/".join(parts[:3])).is_dir():
        return ".".join(parts[:3])
    return None


@cache
def imports_of(path: Path) -> list[tuple[int, str, str | None]]:
    """Every import as (line, module, name or None)."""
    found: list[tuple[int, str, str | None]] = []
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name, None) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found += [(node.lineno, node.module, alias.name) for alias in node.names]
    return found


@cache
def strings_of(path: Path) -> list[tuple[int, str]]:
    """Every string literal that is no docstring, f-strings with {} for their holes."""
    documents = {
        id(node.body[0].value)
        for node in nodes_of(path)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    found: list[tuple[int, str]] = []
    inside: set[int] = set()
    for node in nodes_of(path):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            documents.add(id(node.value))
        if isinstance(node, ast.JoinedStr):
            parts = [value.value if isinstance(value, ast.Constant) else "{}" for value in node.values]
            inside |= {id(value) for value in node.values}
            found.append((node.lineno, "".join(map(str, parts))))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents | inside:
            found.append((node.lineno, node.value))
    return found
