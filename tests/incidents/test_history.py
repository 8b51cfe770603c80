"""A search through all of history: answered at once, and gone on with where that is not all."""

import pytest

from opsdesk.chat import Reply
from opsdesk.incidents import history
from tests.chat.stage import GONE, Channel
from tests.incidents.stage import Shift
from tests.oncall.stage import EASTERN


@pytest.fixture
def day(day: Shift) -> Shift:
    """Three days, the last of which has the word in two incidents."""
    for local, title in (("2026-11-18 14:00", "Socket slow"), ("2026-11-19 14:00", "VistA slow")):
        day.to(local)
        day.open(title)
    day.to("2026-11-20 14:00")
    day.open("Socket down")
    day.open("Two sockets down")
    return day


def search(day: Shift, chat: Channel, text: str) -> Reply:
    return history.search(day.log, text, chat, day.at, EASTERN)


ALL = (
    "3 with socket\n#4 Two sockets down · investigating\n#3 Socket down · investigating\n#1 Socket slow · investigating"
)


def test_a_search_that_is_soon_over_is_answered_once(day: Shift) -> None:
    reply = search(day, Channel(), "socket")
    assert (reply.text, reply.posted) == (ALL, None)


def test_a_search_that_takes_long_tells_what_it_has_and_then_the_rest(
    day: Shift, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PATIENCE", 0.0)
    chat = Channel()
    reply = search(day, chat, "socket")
    assert reply.text == (
        "2 with socket so far; searching older incidents…\n"
        "#4 Two sockets down · investigating\n"
        "#3 Socket down · investigating"
    )
    assert reply.posted
    reply.posted(chat.post("C0GOLIVE", reply.text))
    assert chat.texts("C0GOLIVE") == [ALL]


def test_a_search_without_a_hit_so_far_says_so(day: Shift, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "PATIENCE", 0.0)
    chat = Channel()
    reply = search(day, chat, "kafka")
    assert reply.text == "Nothing with kafka so far; searching older incidents…"
    assert reply.posted
    reply.posted(chat.post("C0GOLIVE", reply.text))
    assert chat.texts("C0GOLIVE") == ["No title or timeline has kafka in it. Try fewer words, or a part of one."]


def test_the_rest_comes_below_a_message_that_cannot_be_changed(day: Shift, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "PATIENCE", 0.0)

    def refuse_edits(call: str) -> None:
        if call == "edit":
            raise GONE

    chat = Channel(before=refuse_edits)
    reply = search(day, chat, "socket")
    assert reply.posted
    reply.posted(chat.post("C0GOLIVE", reply.text))
    assert chat.texts("C0GOLIVE") == [reply.text, ALL]
    assert chat.messages[1].thread == chat.messages[0].ts


def test_where_messages_cannot_be_changed_the_whole_of_it_is_waited_for(
    day: Shift, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PATIENCE", 0.0)
    assert search(day, Channel(edits=False), "socket").text == ALL
