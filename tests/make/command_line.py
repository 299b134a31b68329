"""The command line in a process that keeps its imports: a command then costs what it does, not what it loads."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from huoke.kernel import settings as instance
from huoke.kernel.settings import Settings

ROOT = Path(__file__).parents[2]
DRIVER = """
import io, json, os, sys
from contextlib import redirect_stderr, redirect_stdout
from huoke.app.cli import main
for line in sys.stdin:
    printed, sentence, code = io.StringIO(), io.StringIO(), 0
    words, known = json.loads(line)
    os.environ.update(known)
    with redirect_stdout(printed), redirect_stderr(sentence):
        try:
            main(words)
        except SystemExit as end:
            code = end.code or 0
    print(json.dumps([code, printed.getvalue(), sentence.getvalue()]), flush=True)
"""


def own_home(cluster: Any, home: Path) -> dict[str, str]:
    """Make `home` an instance on the session's engines; returns the variables with which a command finds it."""
    home.mkdir()
    (home / "master.key").write_bytes((cluster.home / "master.key").read_bytes())
    urls = {name: getattr(cluster, name) for name in Settings.__struct_fields__ if name.endswith("_url")}
    instance.save(Settings(home=home, instance="test", web_port=0, **urls))
    return {"HUOKE_HOME": str(home)}


@contextmanager
def command_line(environment: Mapping[str, str]) -> Iterator[Callable[..., str]]:
    """`run(*words, exit_code=0, known={})` gives one command and tells what it printed, or its refusal's sentence.

    `known` are variables it finds in its environment, as all commands after it do.
    """
    with subprocess.Popen(
        [sys.executable, "-c", DRIVER],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as driver:
        assert driver.stdin is not None
        assert driver.stdout is not None

        def run(*words: str, exit_code: int = 0, known: Mapping[str, str] = MappingProxyType({})) -> str:
            print(json.dumps([words, dict(known)]), file=driver.stdin, flush=True)
            code, printed, sentence = json.loads(driver.stdout.readline())
            assert code == exit_code, printed + sentence
            return printed if exit_code == 0 else sentence or printed

        yield run
