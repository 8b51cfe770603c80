"""The desk's clock beside Slack's: an hour behind is told of before the post is late."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from slack_sdk.errors import SlackRequestError

from opsdesk.chat import ClockWatch
from opsdesk.slack.clock_checks import ClockChecks, SlacksTime, time_told
from tests.oncall.stage import EASTERN

AT = datetime(2026, 11, 23, 22, 12, tzinfo=UTC)
ANSWER = SimpleNamespace(headers={"date": "Mon, 23 Nov 2026 22:12:00 GMT"})
BEHIND = (
    "The desk's clock is 1 hour behind the chat's: it shows 4:12pm where the chat's shows 5:12pm. What is due goes by "
    "the desk's clock: please set the clock of the machine it runs on. Whether a post is late goes by the chat's."
)


class Checked:
    """A desk whose clock is `behind` Slack's, in seconds' time that stands."""

    def __init__(self, behind: timedelta, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("opsdesk.clock.seconds", lambda: 100.0)
        self.behind, self.told, self.watch = (
            behind,
            list[str](),
            ClockWatch(lambda text: self.told.append(text), EASTERN),
        )

    def checks(self, signed_in: SlacksTime | None, ask: Callable[[], Any] = lambda: ANSWER) -> ClockChecks:
        return ClockChecks(self.watch, lambda: AT - self.behind, signed_in, ask)


def fail() -> Any:
    raise SlackRequestError("Slack hangs")


def test_it_is_told_at_the_start_without_asking_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Checked(timedelta(hours=1), monkeypatch)
    checks = desk.checks(SlacksTime(AT - timedelta(seconds=5), 95.0), fail)
    checks.check()
    assert desk.told == [BEHIND]
    checks.check()  # Slack hangs
    assert desk.told == [BEHIND]


def test_it_is_told_within_an_hour_if_it_comes_later_and_again_after_it_was_right(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = Checked(timedelta(), monkeypatch)
    checks = desk.checks(time_told(ANSWER.headers))
    checks.check()
    assert desk.told == []
    for desk.behind in (timedelta(hours=1), timedelta(hours=1), timedelta(seconds=50), timedelta(hours=1)):
        checks.check()
    assert desk.told == [BEHIND, BEHIND]


@pytest.mark.parametrize("told", ["", "yesterday", "Mon, 23 Nov 2026 22:12:00 -0000"])
def test_an_answer_that_tells_no_time_is_no_news(told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Checked(timedelta(hours=1), monkeypatch)
    assert time_told({"Date": told}) is None
    desk.checks(None, lambda: SimpleNamespace(headers={"Date": told})).check()
    desk.checks(None, lambda: SimpleNamespace(headers={})).check()
    assert desk.told == []


def test_the_name_of_the_header_is_read_as_it_comes() -> None:
    assert [time_told({name: ANSWER.headers["date"]}).at for name in ("Date", "date", "DATE")] == [AT] * 3  # type: ignore[union-attr]
