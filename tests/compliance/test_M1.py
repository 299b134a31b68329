"""Rule M1: a commercial message only with consent, with sender and opt-out inside; an opt-out acts at once."""

from hypothesis import given
from hypothesis import strategies as st

from huoke.reach.channels.text import OPT_OUT, Language, compose

# Withdrawn, suppressed and refused by reply: tests/reach/channels/test_hand_over.py shows each at the next hand-over.
from tests.reach.channels.conftest import customers_of_bank, desk  # noqa: F401 - fixtures
from tests.reach.channels.test_hand_over import (  # noqa: F401 - the rule's own evidence
    test_a_refusing_reply_withdraws_at_once,
    test_whoever_withdrew_was_suppressed_or_left_since_gets_none,
)


@given(st.text(max_size=200), st.sampled_from(Language), st.dictionaries(st.just("name"), st.text(max_size=20)))
def test_every_message_names_its_sender_and_says_how_to_opt_out(text, language, variables):
    said = compose("滨海银行", text, variables, language)
    assert said.startswith("【滨海银行】")
    assert said.endswith(OPT_OUT[language])
