"""The life of requests: a module that leaves an answer out is refused when it is made, not when somebody asks."""

import pytest

from huoke.govern.requests import Approval, Requests


class Half(Requests):
    async def require_fit(self, tx, wanted):
        """Everything fits."""


class Whole(Half):
    def diff(self, held, wanted):
        return []


class Unserved(Approval):
    async def effects(self, tx, wanted):
        """Nothing is told."""


@pytest.mark.parametrize(("kind", "missing"), [(Half, "diff"), (Unserved, "checks")])
def test_what_says_no_own_answer_cannot_be_made(kind, missing):
    with pytest.raises(TypeError, match=missing):
        kind()


def test_what_says_all_of_them_can():
    assert Whole().diff(None, None) == []
