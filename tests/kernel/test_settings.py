"""What an instance is told by its file, and by the environment over it."""

import msgspec
import pytest

from huoke.kernel import settings
from huoke.kernel.refusals import Outage
from huoke.kernel.settings import Settings


@pytest.fixture
def home(tmp_path):
    """The home of an instance that was started once."""
    made = Settings(
        home=tmp_path,
        instance="probe",
        database_url="",
        database_owner_url="",
        database_feed_url="",
        clickhouse_url="",
        web_port=1,
    )
    settings.save(made)
    return tmp_path


def test_what_was_saved_is_loaded(home):
    assert settings.load(home).log_months == 3
    settings.save(msgspec.structs.replace(settings.load(home), log_months=12))
    assert settings.load(home).log_months == 12


def test_the_environment_wins(home, monkeypatch):
    monkeypatch.setenv("HUOKE_LOG_MONTHS", "24")
    assert settings.load(home).log_months == 24


@pytest.mark.parametrize("months", ["-1", "three", "1201"])
def test_months_that_are_none_are_told_with_their_variable(home, monkeypatch, months):
    monkeypatch.setenv("HUOKE_LOG_MONTHS", months)
    with pytest.raises(Outage, match="HUOKE_LOG_MONTHS of the environment does not fit"):
        settings.load(home)
