"""Rules of tags without a database: the library fits, fillings are laid over each other, what is significant."""

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from huoke.app.demo import population
from huoke.know import tags
from huoke.know.customers import Attribute, Target
from huoke.know.events.standard import STANDARD
from huoke.know.tags import DefinitionUnfit
from huoke.know.tags.filling import Filling, lay
from huoke.know.tags.filling import Target as Tagged
from huoke.know.tags.model import check_definition, codes_for, content, drift
from huoke.know.tags.profile import ProfileRow, discoveries, judged, two_proportions
from huoke.know.tags.save import compile_definition
from huoke.know.tags.sql_sets import Standing
from huoke.know.tags.words import Book, Entry
from tests.conftest import START
from tests.make import tags as make


def attributes():
    """What the demo's banks know of a customer."""
    columns = [one for one in population.mapping().columns if one.to is Target.ATTRIBUTE]
    return {
        one.name: Attribute(
            name=one.name, label=one.label, label_en=one.label_en, type=one.type, data_class=one.data_class,
            deposit_derived=one.deposit_derived, lineage=one.lineage, bands=one.bands, source="demo",
        )
        for one in columns
    }  # fmt: skip


def book(definitions):
    entries = {
        one.name: Entry(number=number, definition=one, codes=codes_for(one.values, {}))
        for number, one in enumerate(definitions, start=1)
    }
    return Book(attributes(), STANDARD, {}, entries, START)


def test_the_library_has_300_tags_in_12_categories_and_every_one_can_be_worked_out():
    whole = tags.library()
    found = book(whole)
    for one in whole:
        check_definition(one)
        compile_definition(one, found)
    assert len(whole) >= 300
    assert len({one.category.split("/")[0] for one in whole}) == 12
    deposits = [one.name for one in whole if found.derivation(one.name).deposit_path]
    assert {"deposit_from_50000", "acct_in_30d", "salary_fresh", "wealth_room"} <= set(deposits)
    assert found.derivation("wealth_room").deposit_path == ("wealth_room", "deposit_from_200000", "deposit_average")


def test_a_deposit_fact_is_never_told_to_the_customer_by_the_library():
    found = book(tags.library())
    told = [one.name for one in tags.library() if one.shown and found.derivation(one.name).deposit_path]
    assert told == []


def test_families_make_7000_tags_of_different_names_that_can_be_worked_out():
    made = tags.families(7_000)
    assert len({one.name for one in made}) == 7_000
    found = book(made[::50])
    for one in made[::50]:
        check_definition(one)
        compile_definition(one, found)


def test_yaml_says_the_same_again_and_takes_no_references():
    whole = tags.library()
    again = tags.from_yaml(tags.to_yaml(whole))
    assert [content(one) for one in again.tags] == [content(one) for one in whole]
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\ntags: [*b]\n"
    with pytest.raises(DefinitionUnfit, match="references"):
        tags.from_yaml(bomb)
    with pytest.raises(DefinitionUnfit) as refused:
        tags.from_yaml(tags.to_yaml([msgspec.structs.replace(whole[0], category="No Category")]))
    assert refused.value.pointer == "/tags/0/category"
    deep = msgspec.structs.replace(whole[0], category="a/b/c/d/e/f")
    assert [one.category for one in tags.from_yaml(tags.to_yaml([deep])).tags] == ["a/b/c/d/e/f"]
    with pytest.raises(DefinitionUnfit):
        tags.from_yaml(tags.to_yaml([msgspec.structs.replace(whole[0], category="a/b/c/d/e/f/g")]))


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": "Bad Name"}, "/name"),
        ({"wording": "只有中文"}, "/wording"),
        ({"values": ()}, "/values"),
        ({"values": (make.value("yes", low=2, high=1),)}, "/values/0/low"),
        ({"values": (make.value("yes"),)}, "/values/0/low"),
        ({"kind": tags.Kind.RULE}, "/statistic"),
        ({"statistic": tags.Statistic(event="app.login", take=tags.Taken.SUM)}, "/statistic/property"),
        ({"statistic": tags.Statistic(event="app.login", percent=50)}, "/statistic/percent"),
    ],
)
def test_a_definition_that_makes_no_tag_is_refused_with_its_place(change, pointer):
    fit = make.statistic("fit", {"event": "app.login"}, (1, None))
    check_definition(fit)
    with pytest.raises(DefinitionUnfit) as refused:
        check_definition(msgspec.structs.replace(fit, **change))
    assert refused.value.pointer == pointer


members = st.sets(st.integers(0, 30)).map(BitMap)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(standing=members, fresh=members, scope=members, erased=members)
def test_outside_the_scope_everything_stays_and_who_was_erased_is_nowhere(standing, fresh, scope, erased):
    one = make.statistic("t", {"event": "app.login"}, (1, None))
    target = Tagged(row={"number": 1, "codes": {"b1": 1}}, one=one)
    filling = Filling(
        target=target, fresh={(0, 1): fresh & scope}, scope={0: scope}, standing=Standing.of({(0, 1): standing}),
        position={}, data_at=START,
    )  # fmt: skip
    laid = lay(filling, {0: erased})
    came, went = laid.moved(1)
    now = (standing - went) | came
    assert set(now) == {n for n in range(31) if n not in erased and (n in fresh if n in scope else n in standing)}
    assert (laid.sizes, laid.written, not came & standing, went <= standing) == ({(0, 1): len(now)}, {}, True, True)
    every = lay(msgspec.structs.replace(filling, fresh={(0, 1): now | erased}, scope=None), {0: erased})
    assert (every.written.get((0, 1), standing), every.moved(1)) == (now, (came, went))


def test_a_value_keeps_its_code_for_good():
    first = codes_for([make.value("a"), make.value("b")], {})
    assert codes_for([make.value("c"), make.value("b")], first) == {"a": 1, "b": 2, "c": 3}


def test_drift_is_nothing_where_nothing_moved_and_large_where_all_did():
    assert drift({"a": 50, "b": 50}, {"a": 500, "b": 500}) == 0
    assert drift({"a": 90, "b": 10}, {"a": 10, "b": 90}) == pytest.approx(0.8 * np.log(9) * 2, abs=1e-3)
    assert drift({"a": 60, "b": 40}, {"a": 50, "b": 50}) == drift({"a": 50, "b": 50}, {"a": 60, "b": 40}) == 0.0405
    assert drift({"a": 100}, {"a": 50, "b": 50}) == 2.6261
    assert drift({}, {"a": 1}) is None


def test_two_shares_and_what_stands_when_many_are_looked_at():
    assert two_proportions(50, 100, 500, 1_000) == 0
    assert two_proportions(60, 100, 400, 1_000) == pytest.approx(3.866, abs=1e-3)
    p = np.array([0.001, 0.02, 0.03, 0.2, 0.9])
    assert discoveries(p).tolist() == [True, True, True, False, False]
    assert discoveries(np.full(20, 0.04)).all()
    assert not discoveries(np.array([0.04, *[0.9] * 19])).any()


def test_of_many_tags_looked_at_only_what_stands_among_them_is_significant():
    def seen(p, z):
        return ProfileRow(
            tag=f"p{p}", label="", label_en="", category="a", value="yes", value_label="", value_label_en="", count=1,
            universe_count=2, share=0.5, universe_share=0.5, rest_share=0.5, times=1.0, z=z, p=p, significant=False,
        )  # fmt: skip

    by_itself, clear = seen(0.04, 2.05), seen(0.001, -3.29)
    told = judged([by_itself, *[seen(0.9, 9.9)] * 18, clear])
    assert [(row.p, row.significant) for row in told[:2]] == [(0.001, True), (0.9, False)]
    assert [(row.p, row.significant) for row in told if row.z == by_itself.z] == [(0.04, False)]
    assert judged([by_itself])[0].significant
