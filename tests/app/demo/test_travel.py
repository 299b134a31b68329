from pathlib import Path

import pytest

from huoke.app import instance
from huoke.app.demo.travel import NoDemo, require_demo
from huoke.kernel import settings as settings_file
from huoke.kernel.refusals import Outage
from huoke.kernel.settings import Settings


def settings(home: Path, *, demo: bool) -> Settings:
    urls = dict.fromkeys(("database_url", "database_owner_url", "database_feed_url", "clickhouse_url"), "")
    return Settings(home=home, instance="test", web_port=0, demo=demo, **urls)


def test_the_clock_of_a_real_bank_is_never_moved(tmp_path):
    require_demo(settings(tmp_path, demo=True))
    with pytest.raises(NoDemo):
        require_demo(settings(tmp_path, demo=False))
    assert not settings(tmp_path, demo=False).clock_path.exists()


def test_a_home_that_was_begun_without_the_demo_never_becomes_one(tmp_path):
    settings_file.save(settings(tmp_path, demo=False))
    before = (tmp_path / "instance.json").read_bytes()
    with pytest.raises(Outage, match="no demo"):
        instance.prepare(tmp_path, demo=True)
    assert (tmp_path / "instance.json").read_bytes() == before
