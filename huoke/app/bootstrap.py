"""What every `make` target does first: an environment with hash-locked dependencies, then the target's own work.

Needs nothing but Python 3.11: standard library only, no shell. The environment is made anew when Python or its lock
changed, and left alone otherwise.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
COMMAND = ENVIRONMENT / "bin" / "huoke"
LIBRARY = ENVIRONMENT / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
RUN, DEVELOP = "requirements.lock", "requirements-dev.lock"
PYTHON_MIN = (3, 11)
DEMO_CUSTOMERS = "50000"
"""`huoke up --demo` alone takes a tenth of them and is there sooner; whoever runs make has a while anyway."""
BAR_WIDTH = 30
PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input")
LAUNCHER = """#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
from huoke.app.cli import main

main()
"""


class Failed(Exception):  # noqa: N818 - a sentence for the person at the terminal
    """The work cannot go on; the message says what to do."""


def main(arguments: Sequence[str]) -> None:
    """Run one target, or `run -- ARGUMENTS` of the huoke command."""
    if sys.version_info < PYTHON_MIN:
        raise Failed(
            f"Python {sys.version.split()[0]} is too old: huoke needs 3.11 or newer (make PYTHON=python3.11 …)."
        )
    os.chdir(ROOT)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a container's image may say so: every process would compile all
    target, rest = arguments[0], [part for part in arguments[1:] if part != "--"]
    TARGETS[target](rest)


def demo(rest: Sequence[str]) -> None:
    """Install, build the pages, start with the demo banks, stay until Ctrl-C."""
    install(RUN)
    with compiling_loops():
        build_pages()
    sized = rest if "--customers" in rest else ["--customers", DEMO_CUSTOMERS, *rest]
    become(str(COMMAND), "up", "--demo", *sized)


def test(rest: Sequence[str]) -> None:
    """Install what the tests need and run them; `--postgres 15` runs them on Debian's PostgreSQL of that version."""
    install(DEVELOP)
    wanted = {"chromium-headless-shell": _has_browser, "fonts-noto-cjk": _has_chinese_font}
    version = rest[rest.index("--postgres") + 1] if "--postgres" in rest else None
    if version:
        binaries = Path(f"/usr/lib/postgresql/{version}/bin")
        wanted[f"postgresql-{version}"] = binaries.is_dir
    bring_system_packages(wanted)
    with compiling_loops():
        build_pages()
    if version:
        chosen = [part for part in rest if part not in {"--postgres", version}]
        become("-m", "tests.real_postgres", str(binaries), *chosen)
    become("-m", "pytest", *(rest or ["-n", "3", "--dist", "loadfile"]))


def check(_rest: Sequence[str]) -> None:
    """The gates, as many at once as there are processors, longest first; all run, and one failure fails the whole."""
    install(DEVELOP)
    pages = [str(PYTHON), "-m", "huoke.app.webbuild", "--check"]
    gates: list[tuple[str, list[str]]] = [
        ("types", [str(PYTHON), "-m", "mypy"]),
        ("page style", [*pages, "lint"]),
        ("page types", [*pages, "types"]),
        ("page tests", [*pages, "test"]),
        ("house rules", [str(PYTHON), "-m", "pytest", "tests/gates"]),
        ("contracts", [str(ENVIRONMENT / "bin" / "lint-imports")]),
        ("style", [str(PYTHON), "-m", "ruff", "check", "."]),
        ("format", [str(PYTHON), "-m", "ruff", "format", "--check", "."]),
    ]
    with ThreadPoolExecutor(max(os.cpu_count() or 1, 2)) as lanes:
        passed = list(lanes.map(lambda gate: _gate(*gate), gates))
    failed = [name for (name, _), good in zip(gates, passed, strict=True) if not good]
    if failed:
        raise Failed(f"Not in order: {', '.join(failed)}.")


def bench(rest: Sequence[str]) -> None:
    """Every headline figure, or the named ones."""
    install(DEVELOP)
    become(str(COMMAND), "bench", *rest)


def web(rest: Sequence[str]) -> None:
    """Build the pages (`--force` although nothing changed)."""
    install(RUN)
    become("-m", "huoke.app.webbuild", *rest)


def wheel(_rest: Sequence[str]) -> None:
    """One file with the pages and migrations in it, in dist/: what it needs beside Python comes with pip."""
    install(DEVELOP)
    build_pages()
    for leftover in ("build", "huoke.egg-info"):
        shutil.rmtree(leftover, ignore_errors=True)
    made = call(PYTHON, "-m", "build", "--wheel", "--no-isolation", "--outdir", "dist", quiet=True)
    shutil.rmtree("build", ignore_errors=True)
    if made.returncode:
        raise Failed((made.stdout + made.stderr)[-3_000:])
    print(f"dist/{max(Path('dist').glob('huoke-*.whl'), key=os.path.getmtime).name}", flush=True)


def wheel_check(_rest: Sequence[str]) -> None:
    """Build the wheel, install it where nothing else is, and start its demo without Node and without this tree."""
    wheel(())
    os.environ["HUOKE_WHEEL"] = str(max((ROOT / "dist").glob("huoke-*.whl"), key=os.path.getmtime))
    become("-m", "pytest", "tests/web/test_wheel.py")


def lock(_rest: Sequence[str]) -> None:
    """Choose the newest allowed versions again and write them down with their hashes."""
    install(DEVELOP)
    private = ["--no-emit-index-url", "--no-emit-find-links", "--no-emit-options", "--no-header", "--strip-extras"]
    for source, target in (("requirements.in", RUN), ("requirements-dev.in", DEVELOP)):
        command = [
            str(PYTHON),
            "-m",
            "piptools",
            "compile",
            "--upgrade",
            "--generate-hashes",
            "--allow-unsafe",
            *private,
        ]
        if call(*command, "-o", target, source).returncode:
            raise Failed(f"{source} could not be locked.")


def run(rest: Sequence[str]) -> None:
    """The huoke command with these arguments."""
    install(DEVELOP)
    become(str(COMMAND), *rest)


TARGETS: dict[str, Callable[[Sequence[str]], None]] = {
    "demo": demo,
    "test": test,
    "check": check,
    "bench": bench,
    "web": web,
    "wheel": wheel,
    "wheel-check": wheel_check,
    "lock": lock,
    "run": run,
}


def install(lock_name: str) -> None:
    """Make the environment hold exactly what the lock says, checked against its hashes."""
    lock_file = ROOT / lock_name
    wanted = hashlib.sha256(sys.version.encode() + lock_file.read_bytes()).hexdigest()
    marks = {name: ENVIRONMENT / f".{name}" for name in (RUN, DEVELOP)}
    if marks[lock_name].is_file() and marks[lock_name].read_text() == wanted:
        return
    if not _is_ours():
        if ENVIRONMENT.exists():
            shutil.rmtree(ENVIRONMENT)
        print("Making a Python environment in .venv", flush=True)
        _make_environment()
    _install_locked(lock_file)
    _join_package()
    marks[lock_name].write_text(wanted)


def _is_ours() -> bool:
    """Whether the environment is whole and of this Python."""
    if not (PYTHON.exists() and LIBRARY.is_dir()):
        return False
    said = call(PYTHON, "-c", "import sys, pip; print(sys.version)", quiet=True)
    return said.stdout.strip() == sys.version.strip()


def _make_environment() -> None:
    try:
        venv.create(ENVIRONMENT, with_pip=True, symlinks=True)
    except (subprocess.CalledProcessError, OSError) as error:
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        name = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        raise Failed(f"Python cannot make an environment here ({error}); on Debian install {name}.") from error


def _install_locked(lock_file: Path) -> None:
    """Install with hashes; the bar counts what it has collected, then what lies installed."""
    total = sum(1 for line in lock_file.read_text().splitlines() if line[:1].isalnum())
    before = _installed()
    log = ENVIRONMENT / "install.log"
    command = [
        str(PYTHON),
        *PIP,
        "install",
        "--no-compile",
        "--require-hashes",
        "--progress-bar",
        "off",
        "-r",
        str(lock_file),
    ]
    began = time.monotonic()
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT) as pip:  # noqa: S603
        while pip.poll() is None:
            known = log.read_bytes()
            collected = known.count(b"Collecting ") + known.count(b"Requirement already satisfied")
            fresh = _installed() - before if b"Installing collected packages" in known else 0
            show_progress("Dependencies", (collected + fresh) / 2 / total, time.monotonic() - began)
            time.sleep(0.3)
    if pip.returncode:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise Failed(f"\nThe dependencies of {lock_file.name} could not be installed:\n{tail}")
    show_progress("Dependencies", 1, time.monotonic() - began, done=True)


def _installed() -> int:
    return sum(1 for _ in LIBRARY.glob("*.dist-info"))


def _join_package() -> None:
    """Let the environment find this tree, and give it the command `huoke`."""
    (LIBRARY / "huoke.pth").write_text(f"{ROOT}\n")
    COMMAND.write_text(LAUNCHER.format(python=PYTHON))
    COMMAND.chmod(0o755)


def build_pages() -> None:
    """Build the console unless it is up to date."""
    if call(PYTHON, "-m", "huoke.app.webbuild").returncode:
        raise Failed("The pages could not be built; the lines above say what to install or mend.")


@contextmanager
def compiling_loops() -> Iterator[None]:
    """Beside the block, make the machine code that many processes would else each make for themselves."""
    sources = sorted(file for file in (ROOT / "huoke").rglob("*.py") if b"numba" in file.read_bytes())
    told = [sys.version, (ROOT / RUN).read_text(), *(file.read_text() for file in sources)]
    wanted = hashlib.sha256("".join(told).encode()).hexdigest()
    mark = ENVIRONMENT / ".machine-code"
    if mark.is_file() and mark.read_text() == wanted:
        yield
        return
    began = time.monotonic()
    with subprocess.Popen([str(PYTHON), "-m", "huoke.app.machine_code"]) as compiling:  # noqa: S603
        yield
    if compiling.returncode:
        raise Failed("The machine code could not be made; the lines above say why.")
    show_progress("Machine code", 1, time.monotonic() - began, done=True)
    mark.write_text(wanted)


def bring_system_packages(wanted: dict[str, Callable[[], bool]]) -> None:
    """Install Debian's packages that are missing as root; as an ordinary user name them and stop."""
    missing = [name for name, present in wanted.items() if not present()]
    if not missing:
        return
    install_them = f"apt-get install -y --no-install-recommends {' '.join(missing)}"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Failed(f"The tests need {', '.join(missing)}. On Debian: sudo {install_them}")
    for command in ("apt-get update", install_them):
        print(command, flush=True)
        if call(*command.split(), quiet=True).returncode:
            raise Failed(f"'{command}' failed.")
    still = [name for name in missing if not wanted[name]()]
    if still:
        raise Failed(f"Installed, but still not found: {', '.join(still)}.")


def _has_browser() -> bool:
    """Either will do; the shell draws the same pages with a third less work."""
    return any(shutil.which(name) is not None for name in ("chromium-headless-shell", "chromium"))


def _has_chinese_font() -> bool:
    return shutil.which("fc-list") is not None and bool(call("fc-list", ":lang=zh", quiet=True).stdout)


def _gate(name: str, command: Sequence[str]) -> bool:
    began = time.monotonic()
    finished = call(*command, quiet=True)
    passed = finished.returncode == 0
    said = f"{'ok    ' if passed else 'FAILED'}  {name:<12} {time.monotonic() - began:6.1f} s\n"
    # In one piece: other gates speak meanwhile.
    print(said if passed else said + (finished.stdout + finished.stderr).strip() + "\n", end="", flush=True)
    return passed


def call(*command: str | Path, quiet: bool = False) -> "subprocess.CompletedProcess[str]":
    """Run a program to its end; `quiet` keeps what it says for the caller."""
    return subprocess.run([str(part) for part in command], capture_output=quiet, text=True, check=False)  # noqa: S603


def show_progress(what: str, share: float, seconds: float, *, done: bool = False) -> None:
    """One line that grows on a terminal; only its end elsewhere."""
    if not (done or sys.stdout.isatty()):
        return
    filled = round(BAR_WIDTH * min(share, 1))
    bar = "━" * filled + " " * (BAR_WIDTH - filled)
    sys.stdout.write(f"\r  {what:<14} {bar} {min(share, 1):4.0%} {seconds:5.0f} s{chr(10) if done else ''}")
    sys.stdout.flush()


def become(*arguments: str) -> None:
    """Replace this process by the environment's Python, so that Ctrl-C reaches only one."""
    sys.stdout.flush()
    os.environ["PATH"] = os.pathsep.join([str(ENVIRONMENT / "bin"), os.environ.get("PATH", "")])
    os.execv(PYTHON, [str(PYTHON), *arguments])  # noqa: S606


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Failed as failed:
        sys.exit(str(failed))
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
