"""A relationship manager sees own customers only: exactly those whom the demo's file names them for, and no other."""

import numpy as np
import pytest
from playwright.async_api import expect

from huoke.app.demo.binhai import BINHAI
from huoke.app.demo.fill import RICH_TIER
from huoke.app.demo.notes import read_notes
from huoke.app.demo.population import draw
from tests.e2e.console import LONG_MS, Console
from tests.e2e.tour import bare_keys, both_languages, critical_faults
from tests.e2e.words import Words

pytestmark = pytest.mark.e2e

BANK, LOGIN = "binhai", "rm"


def portfolio(home) -> tuple[set[str], set[str]]:
    """The numbers the manager is to own and to share, worked out from the seed alone."""
    notes = read_notes(home)
    people = draw(notes.customers, BINHAI.seed, BINHAI.place, notes.began.date())
    [mine] = [place for place, one in enumerate(BINHAI.colleagues) if one.login == LOGIN]
    code = BINHAI.colleagues[mine].unit_code
    below = [place for place, unit in enumerate(BINHAI.units) if unit.parent_code == code]
    named = people.owned.astype(bool)
    owned = named & (people.unit == mine)
    shared = named & np.isin(people.unit, below) & (people.tier >= RICH_TIER)
    return set(people.customer_no[owned].tolist()), set(people.customer_no[shared].tolist())


async def numbers(console: Console) -> set[str]:
    """Every customer who is there for this person."""
    found, cursor = set(), ""
    while cursor is not None:
        page = await console.api("GET", f"/v1/customers?limit=200{cursor and '&cursor=' + cursor}")
        found |= {row["customer_no"] for row in page["items"]}
        cursor = page["next_cursor"]
    return found


@both_languages(LOGIN)
async def test_own_customers_are_there_and_others_are_not(place, language):
    words = Words(language)
    place.watch.expected += ["Failed to load resource"]
    owned, shared = portfolio(place.settings.home)
    assert owned, "the seed gives them customers of their own"
    assert shared, "and some beside an owner"
    operator = await place.console(BANK, "operator", words)
    other = next(
        row
        for row in (await operator.api("GET", "/v1/customers?limit=200&status=active"))["items"]
        if row["customer_no"] not in owned | shared
    )
    [told] = [one for one in (await operator.api("GET", f"/v1/portfolios?q={LOGIN}"))["items"] if one["login"] == LOGIN]
    assert (told["owned"], told["shared"]) == (len(owned), len(shared))

    rm = await place.console(BANK, LOGIN, words)
    assert await numbers(rm) == owned | shared
    await rm.go("/customers")
    total = words("table.total", shown=f"{len(owned | shared):,}", count=len(owned | shared))
    await expect(rm.page.get_by_text(total)).to_be_visible(timeout=LONG_MS)
    await rm.go(f"/customers?q={other['customer_no']}")
    await expect(rm.page.get_by_text(words("table.noMatch"))).to_be_visible(timeout=LONG_MS)
    await rm.turn_to(f"/customers/{other['seq']}")
    await expect(rm.page.locator("main .state")).to_have_count(1, timeout=LONG_MS)
    await expect(rm.page.locator("section.identity")).to_have_count(0)
    await expect(rm.page.get_by_text(other["customer_no"])).to_have_count(0)

    await rm.turn_to("/my-invitations")
    await expect(rm.page.get_by_role("heading", name=words("myCodes.title"))).to_be_visible(timeout=LONG_MS)
    await rm.button("myCodes.open").first.click()
    await expect(rm.page.locator(".my-code-poster img").first).to_be_visible(timeout=LONG_MS)
    assert await rm.page.locator(".my-code-poster img").first.evaluate("one => one.complete && one.naturalWidth > 0")
    assert await critical_faults(rm.page) == []
    assert await bare_keys(rm.page) == []
