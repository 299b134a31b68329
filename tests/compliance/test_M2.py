"""Rule M2: nothing is sent in quiet hours, and nobody is written to too often over all campaigns."""

from tests.reach.channels.conftest import customers_of_bank, desk  # noqa: F401 - fixtures
from tests.reach.channels.test_hand_over import (  # noqa: F401 - the rule's own evidence
    test_enough_is_enough_over_all_campaigns,
    test_nobody_is_written_to_at_night,
    test_queued_by_day_and_overtaken_by_the_night_waits_for_the_morning,
)
