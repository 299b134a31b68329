"""What the server declares has words in the console, in both languages."""

import importlib
import re

import pytest

from huoke.app.web import ROUTED
from huoke.app.webbuild import WEB
from huoke.govern.tenants.defaults import all_declared


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_setting_has_a_name(language):
    for module in ROUTED:
        importlib.import_module(f"{module}.http")
    text = (WEB / "console" / "i18n" / language / "govern.ts").read_text()
    [names] = re.findall(r"\n    names: \{\n(.*?)\n    \},", text, re.DOTALL)
    known = set(re.findall(r"(\w+): '", names))
    assert {setting.key.replace(".", "_") for setting in all_declared() if setting.key.count(".") == 1} - known == set()
