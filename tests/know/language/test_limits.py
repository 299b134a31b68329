"""Expressions as large as somebody can make them: each is refused by the name of the limit it passes, and at once."""

import pytest

from huoke.know import language
from huoke.know.language import MOST, Limit, LimitPassed
from huoke.know.segments.model import UPLOAD_MAX
from tests.make.bombs import BOMBS


@pytest.mark.parametrize(("limit", "tree"), BOMBS, ids=[name for name, _ in BOMBS])
def test_what_is_too_large_is_refused_by_the_name_of_its_limit(limit, tree):
    with pytest.raises(LimitPassed) as refused:
        language.parse(tree)
    assert refused.value.data == {"limit": limit, "most": MOST[Limit(limit)]}
    assert refused.value.pointer.startswith("/expression")


def test_what_just_fits_is_taken():
    leaf = {"kind": "attr", "name": "age", "op": "in", "value": list(range(MOST[Limit.VALUES]))}
    deep = leaf
    for _ in range(MOST[Limit.DEPTH]):
        deep = {"kind": "not", "of": deep}
    wide = {"kind": "any", "of": [{**leaf, "value": [n]} for n in range(MOST[Limit.PARTS])]}
    chain = {"kind": "sequence", "steps": [{"name": "a"}] * MOST[Limit.STEPS], "within_days": MOST[Limit.WITHIN_DAYS]}
    for tree in (deep, wide, chain):
        assert language.parse(tree)


def test_references_are_counted_with_what_they_stand_for():
    inner = language.parse({"kind": "any", "of": [{"kind": "attr", "name": "age", "op": "is_known"}] * 90})
    names = [f"00000000-0000-0000-0000-{n:012}" for n in range(12)]
    tree = language.parse({"kind": "any", "of": [{"kind": "segment", "segment_id": name} for name in names]})
    rules = {node.segment_id: language.Rule("r", inner) for node in tree.of}
    with pytest.raises(LimitPassed) as refused:
        language.compile_expression(tree, language.Vocabulary({}, {}, {}, rules))
    assert refused.value.data["limit"] == "expanded_nodes"


def test_all_limits_stand_in_one_place():
    assert set(MOST) == set(Limit)
    assert MOST[Limit.UPLOAD] == UPLOAD_MAX
