"""The size of chunks follows what the machine can do just now, within its bounds."""

import pytest

from huoke.kernel.jobs import Pace


def sizes(seconds_each, chunks, *, least=100, most=1_000):
    """Sizes of so many chunks where a thing takes `seconds_each(number of the chunk)`."""
    now, found = [0.0], []
    pace = Pace(least, most, watch=lambda: now[0])
    for number in range(chunks):
        with pace.chunk() as size:
            found.append(size)
            now[0] += size * seconds_each(number)
    return found


@pytest.mark.parametrize(
    ("microseconds", "found"),
    [
        (1, [100, 200, 400, 800, 1_000, 1_000]),
        (500, [100, 200, 400, 600, 600, 600]),
        (3_000, [100, 100, 100, 100, 100, 100]),
        (100_000, [100] * 6),
    ],
)
def test_a_chunk_grows_to_what_takes_the_set_time_and_no_further_than_its_bounds(microseconds, found):
    assert sizes(lambda _: microseconds / 1e6, 6) == found


def test_a_machine_that_slows_down_gets_less_at_once_and_is_let_go_on_step_by_step():
    busy = sizes(lambda number: 4e-3 if number in (4, 5) else 3e-4, 10)
    assert busy == [100, 200, 400, 800, 1_000, 250, 100, 200, 400, 800]
    longest = max(size * (4e-3 if number in (4, 5) else 3e-4) for number, size in enumerate(busy[5:], 5))
    assert longest <= 1.0


def test_what_fails_inside_is_raised_and_changes_no_size():
    pace = Pace(10, 20, watch=lambda: 0.0)
    with pytest.raises(ZeroDivisionError), pace.chunk():
        1 / 0  # noqa: B018
    with pace.chunk() as size:
        assert size == 10
