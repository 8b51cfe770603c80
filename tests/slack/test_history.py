"""A channel is read back whole, however many messages it has."""

from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from opsdesk.slack.api import SlackWeb, TooManyMessages
from opsdesk.slack.history import MOST_LOOKS, history

AT = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
A_LOOK = 1_000


def slack(many: int) -> SlackWeb:
    """A channel of so many messages, a second apart, of which a look gives the latest thousand."""

    def messages(
        room: str, since: datetime, thread: str | None = None, until: datetime | None = None
    ) -> Iterator[dict[str, Any]]:
        asked = since.timestamp(), until.timestamp() if until else float("inf")
        stamps = [one for one in (AT.timestamp() + n for n in reversed(range(many))) if asked[0] <= one <= asked[1]]
        yield from ({"ts": f"{one:.6f}"} for one in stamps[:A_LOOK])
        if len(stamps) > A_LOOK:
            raise TooManyMessages("too many")

    return cast(SlackWeb, SimpleNamespace(messages=messages))


@pytest.mark.parametrize("many", [0, 999, 1_000, 2_500])
def test_a_weekend_of_alerts_is_read_each_once(many: int) -> None:
    assert sorted(one["ts"] for one in history(slack(many), "C0APM", AT, "")) == [
        f"{AT.timestamp() + n:.6f}" for n in range(many)
    ]


@pytest.mark.parametrize(("many", "thread"), [(A_LOOK * MOST_LOOKS + 1, ""), (A_LOOK + 1, "1795460400.000100")])
def test_what_is_too_much_even_so_is_not_taken_for_all(many: int, thread: str) -> None:
    with pytest.raises(TooManyMessages):
        history(slack(many), "C0APM", AT, thread)
