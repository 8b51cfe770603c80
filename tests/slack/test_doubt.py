"""A token that Slack refuses is asked about again before that is believed."""

import pytest

from opsdesk.slack.doubt import OPENS_SOCKET, TokenDoubt


class Doubted:
    """A doubt with a clock that the test sets, and what it came to believe."""

    def __init__(self) -> None:
        self.at, self.believed = 100.0, list[str]()
        self.doubt = TokenDoubt(self.believed.append, lambda: self.at)

    def refused(self, at: float, method: str = "chat.postMessage") -> bool:
        self.at = at
        return self.doubt.refused(method, "Slack refused: invalid_auth")


@pytest.fixture
def doubted():
    made = Doubted()
    made.doubt.begin()
    return made


def test_a_refusal_is_believed_after_a_minute_of_refusals(doubted):
    assert [doubted.refused(at) for at in (100, 105, 159, 160)] == [True, True, True, False]
    assert doubted.believed == ["Slack refused: invalid_auth"]


def test_a_token_that_is_taken_again_is_doubted_anew(doubted):
    doubted.refused(100)
    doubted.doubt.taken("auth.test")
    assert doubted.refused(170)
    assert doubted.believed == []


def test_each_token_is_doubted_for_itself(doubted):
    doubted.refused(100, OPENS_SOCKET)
    doubted.doubt.taken("chat.postMessage")
    assert doubted.doubt.exists
    assert not doubted.refused(160, OPENS_SOCKET)


def test_slack_is_asked_about_the_bots_token_every_few_seconds(doubted):
    asked = []
    doubted.refused(100)
    for doubted.at in (100, 104, 105, 107, 111):
        asked.append(doubted.doubt.is_to_ask())
    assert asked == [True, False, True, False, True]


def test_nothing_is_asked_without_a_doubt_of_the_bots_token(doubted):
    assert not doubted.doubt.is_to_ask()
    doubted.refused(100, OPENS_SOCKET)
    assert not doubted.doubt.is_to_ask()


def test_at_the_start_a_refusal_is_believed_at_once():
    starting = Doubted()
    assert not starting.refused(100)
    assert starting.believed == ["Slack refused: invalid_auth"]
