"""Every command says what it does, and says no in a sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from huoke.app.cli import app, main
from huoke.kernel import settings as instance
from huoke.kernel.settings import Settings

ROOT = Path(__file__).parents[2]
ONE_AFTER_THE_OTHER = """
import sys
from huoke.app.cli import main
for words in sys.argv[1:]:
    try:
        main(words.split())
    except SystemExit as end:
        assert end.code == 3
"""


def commands(group, path=()):
    """(words, app) of a group and of all below it."""
    yield path, group
    for name in group:
        if not name.startswith("-"):
            yield from commands(group[name], (*path, name))


ALL = {" ".join(("huoke", *path)): command for path, command in commands(app)}


@pytest.fixture
def refused(capsys, monkeypatch, tmp_path):
    """Run a command in an empty home: its exit code and what it said on stderr."""
    monkeypatch.setenv("HUOKE_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")

    def run(*words: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as exit_:
            main(words)
        said = capsys.readouterr().err
        assert "Traceback" not in said
        return exit_.value.code, said.strip()

    return run


@pytest.mark.parametrize("words", ALL)
def test_each_command_and_each_of_its_parameters_is_explained(words):
    command = ALL[words]
    assert len(command.help or "") > 10
    if command.default_command and words != "huoke":
        silent = [one.name for one in command.assemble_argument_collection() if not one.parameter.help]
        assert silent == []


@pytest.mark.parametrize("words", ALL)
def test_help_is_printed_without_an_instance(words, capsys):
    app([*words.split()[1:], "--help"], result_action="return_value")
    assert words in capsys.readouterr().out


def test_a_command_that_exists_not_and_an_option_too_few_exit_with_2(refused):
    assert refused("campaing")[0] == 2
    assert refused("campaign", "report", "twelve", "--bank", "b", "--as", "l")[0] == 2
    assert refused("statement", "reverse", "0198c0de-0000-7000-8000-000000000000", "--bank", "b", "--as", "l")[0] == 2


def test_a_refusal_is_a_sentence_and_2(refused):
    assert refused("bench", "nothing")[0] == 2
    code, said = refused("import", "customers.csv", "--bank", "b", "--as", "l")
    assert (code, said) == (2, "invalid Say how to read the file with --mapping; --propose prints one to start from.")


def test_brackets_in_a_sentence_are_no_markup(refused):
    code, said = refused("rebuild", "clickhouse", "[/red] [bold]")
    assert code == 2
    assert said.startswith("rebuild.stream_unknown There is no stream '[/red] [bold]'; choose from ")
    assert "\n" not in said, "a sentence is one line, whatever the width"


def test_a_file_that_cannot_be_written_is_named(refused, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "huoke.app.cli.openapi.render", lambda: b"{}"
    )  # what is to be written takes seconds to work out
    target = str(tmp_path / "nowhere" / "openapi.json")
    assert refused("openapi", target) == (2, f"file {target}: No such file or directory.")


def test_no_instance_and_a_damaged_one_are_outages(refused, tmp_path):
    assert refused("tenant", "list") == (
        3,
        f"outage No instance at {tmp_path}: start it with 'huoke up', or set HUOKE_HOME.",
    )
    for damaged in ("{", "[]", "{}", '{"home": 3}'):
        (tmp_path / "instance.json").write_text(damaged)
        code, said = refused("tenant", "list")
        assert code == 3
        assert "instance.json cannot be read" in said


def test_engines_that_are_away_are_an_outage(tmp_path):
    (tmp_path / "master.key").write_bytes(bytes(32))
    away = "postgresql://nobody@127.0.0.1:1/huoke"
    instance.save(
        Settings(
            home=tmp_path,
            instance="away",
            database_url=away,
            database_owner_url=away,
            database_feed_url=away,
            clickhouse_url="http://127.0.0.1:1",
            web_port=0,
        )
    )
    known = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "CLICKHOUSE_"))}
    by_two = [[sys.executable, "-c", ONE_AFTER_THE_OTHER, "tenant list", "migrate"], 0]
    by_itself = [[sys.executable, "-m", "huoke", "rebuild", "clickhouse"], 3]
    for (command, code), outages in ((by_two, 2), (by_itself, 1)):
        ran = subprocess.run(
            command,
            cwd=ROOT,
            env={**known, "HUOKE_HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ran.returncode, ran.stdout) == (code, ""), ran.stderr
        said = ran.stderr.splitlines()
        assert [line.partition(" ")[0] for line in said] == ["outage"] * outages, ran.stderr
