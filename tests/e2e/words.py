"""The console's own words, so that the walk presses what a person reads, in either language."""

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from huoke.app import webbuild

FOLDER = Path(webbuild.WEB) / "console" / "i18n"
_READ = """
const fs = require('fs'), path = require('path'), folder = process.argv[1]
const files = fs.readdirSync(folder).filter((name) => name !== 'index.ts')
const source = (name) => fs.readFileSync(path.join(folder, name)).toString('base64')
const load = async (name) => (await import('data:text/javascript;base64,' + source(name))).default
Promise.all(files.map(load)).then((all) => console.log(JSON.stringify(Object.assign({}, ...all))))
"""


class Words:
    """Looks up a key in one language: `words("campaign.submit")`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._words = _load(language)

    @property
    def families(self) -> list[str]:
        """The first parts of all keys."""
        return sorted(self._words)

    def __call__(self, key: str, **slots: Any) -> str:
        value: Any = self._words
        for part in key.split("."):
            value = value[part]
        for name, slot in slots.items():
            value = value.replace("{{" + name + "}}", str(slot))
        return value


@cache
def _load(language: str) -> dict[str, Any]:
    node = webbuild.find_node()
    done = subprocess.run([node, "-e", _READ, str(FOLDER / language)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)
