"""Slack is called with patience, and what may be done already is not done twice."""

import threading
from datetime import UTC, datetime, timedelta
from http.client import HTTPMessage
from urllib.error import HTTPError

import pytest

from opsdesk.chat.chat import Person, Reply, SendError, mention
from opsdesk.slack.api import SlackWeb
from opsdesk.slack.chat import SlackChat
from opsdesk.slack.doubt import TokenDoubt
from opsdesk.slack.failures import trouble_of
from tests.slack.stage import GENERAL, Fault, typed


def test_a_post_that_is_not_among_those_looked_through_may_stand_all_the_same(chat, slack):
    slack.page = 2
    begun = datetime.now(UTC) - timedelta(minutes=1)
    posts = [chat.post(GENERAL, "text", key=f"post {number}") for number in range(12)]
    assert [sent.ref for sent in chat.find(GENERAL, "post 2", begun)] == [posts[2]]
    with pytest.raises(SendError, match="there are more than 1000 messages to look through") as unsent:
        chat.find(GENERAL, "post 1", begun)
    assert (unsent.value.unclear, unsent.value.retry_after) == (True, timedelta(seconds=1))


def test_an_answer_that_may_stand_beyond_what_is_looked_through_is_not_sent_again(chat, slack, told):
    slack.page = 2
    for _ in range(12):
        chat.post(GENERAL, "text")
    slack.faults["chat.postMessage"] = [Fault.CUT_BEFORE]
    chat.answer(typed("!incident list"), Reply("2 open"))
    assert "2 open" not in [message["text"] for message in slack.shown(GENERAL)]
    assert told[0].endswith("It may stand there all the same. The answer is: 2 open")


@pytest.mark.parametrize(
    ("fault", "reason", "wait", "unclear"),
    [
        (Fault.BUSY, "Slack asks to wait 20 seconds", 20, False),
        (Fault.BROKEN, "Slack failed (HTTP 500)", 1, True),
        (Fault.GONE, "Slack refused: channel_not_found", None, False),
        (Fault.CLOSED, "Slack refused: is_archived", None, False),
        (Fault.CUT_BEFORE, "the connection to Slack broke (RemoteDisconnected)", 1, True),
    ],
)
def test_what_is_not_confirmed_raises_with_the_reason(chat, slack, waits, fault, reason, wait, unclear):
    slack.faults["chat.postMessage"] = [fault]
    with pytest.raises(SendError) as unsent:
        chat.post(GENERAL, "text")
    retry_after = None if wait is None else timedelta(seconds=wait)
    assert (unsent.value.reason, unsent.value.retry_after, unsent.value.unclear) == (reason, retry_after, unclear)
    assert waits.lengths == []


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("0", 0), ("20", 20), ("86400", 3600), ("9" * 20, 3600), ("9" * 5000, 3600), ("-5", 10), ("soon", 10), (None, 10)],
    ids=["0", "20", "a day", "for ever", "beyond all numbers", "-5", "soon", "nothing"],
)
def test_a_limit_is_waited_for_as_long_as_slack_says_but_never_for_days(asked, seconds):
    headers = HTTPMessage()
    if asked:
        headers["Retry-After"] = asked
    trouble = trouble_of(HTTPError("https://slack.example", 429, "Too Many Requests", headers, None))
    assert trouble.wait == seconds


@pytest.mark.parametrize("asked", ["chat.postMessage", "conversations.history", "conversations.open"])
def test_half_an_answer_does_not_tell_that_nothing_stands_there(chat, slack, asked):
    slack.faults = {asked: [Fault.NO_TS], "conversations.history": [Fault.NO_TS]}
    with pytest.raises(SendError) as unsent:
        chat.tell("U01ALICE", "text") if asked == "chat.postMessage" else chat.find("U01ALICE", "k", datetime.now(UTC))
    assert (unsent.value.reason, unsent.value.unclear) == ("what answered was not Slack", True)


@pytest.mark.parametrize("fault", [Fault.CUT_AFTER, Fault.NO_TS])
def test_a_post_whose_answer_was_lost_is_found_and_not_posted_again(chat, slack, fault):
    slack.faults["chat.postMessage"] = [fault]
    posted = chat.post(GENERAL, "text", key="k")
    assert [message["ts"] for message in slack.shown(GENERAL)] == [posted.ts]


@pytest.mark.parametrize("fault", [Fault.GONE, Fault.BUSY])
def test_an_answer_that_may_stand_is_not_sent_again_where_the_channel_cannot_be_read(chat, slack, told, fault):
    slack.faults = {"chat.postMessage": [Fault.CUT_AFTER], "conversations.history": [fault] * 20}
    chat.answer(typed("!incident list"), Reply("2 open"))
    assert [message["text"] for message in slack.shown(GENERAL)] == ["2 open"]
    assert told == [
        'alice typed "!incident list" in #general and may have no answer: the connection to Slack broke '
        "(RemoteDisconnected). It may stand there all the same. The answer is: 2 open"
    ]


def test_an_answer_is_sent_once_by_a_way_to_slack_that_answers_for_it(chat, slack, waits):
    slack.faults["chat.postMessage"] = [Fault.NOT_SLACK]
    chat.answer(typed(), Reply("answer"))
    assert [message["text"] for message in slack.shown(GENERAL)] == ["answer"]
    assert waits.lengths == [0.5]


def test_a_slack_that_is_not_there_is_told(waits):
    chat = SlackChat(SlackWeb("xoxb-test", base_url="http://127.0.0.1:9/api/", stopping=waits))
    with pytest.raises(SendError, match="Slack cannot be reached") as unsent:
        chat.post(GENERAL, "text")
    assert not unsent.value.unclear


def test_an_answer_waits_as_long_as_slack_asks(chat, slack, waits):
    slack.faults["chat.postMessage"] = [Fault.BUSY, Fault.BUSY]
    assert chat.answer(typed(), Reply("answer")) is None
    assert [message["text"] for message in slack.shown(GENERAL)] == ["answer"]
    assert waits.lengths == [20, 20]


@pytest.mark.parametrize("fault", [Fault.CUT_BEFORE, Fault.CUT_AFTER, Fault.BROKEN])
def test_an_answer_that_may_be_lost_stands_once(chat, slack, fault):
    slack.faults["chat.postMessage"] = [fault, fault]
    chat.answer(typed(), Reply("answer"))
    assert [message["text"] for message in slack.shown(GENERAL)] == ["answer"]


@pytest.mark.parametrize("minutes", [-5, 5])
def test_an_answer_that_may_be_lost_stands_once_whatever_slack_s_clock_says(chat, slack, minutes):
    slack.now = lambda: datetime.now(UTC).timestamp() + 60 * minutes
    slack.faults["chat.postMessage"] = [Fault.CUT_AFTER]
    chat.answer(typed(), Reply("answer"))
    assert [message["text"] for message in slack.shown(GENERAL)] == ["answer"]


@pytest.mark.parametrize("step", ["files.getUploadURLExternal", "bytes", "files.completeUploadExternal"])
@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.BROKEN, Fault.CUT_BEFORE, Fault.CUT_AFTER])
def test_a_file_is_shown_once_whatever_fails(chat, slack, tmp_path, step, fault, told):
    file = tmp_path / "export.csv"
    file.write_text("a,b")
    slack.faults[step] = [fault]
    chat.answer(typed(), Reply("here", file=file))
    assert (len(slack.uploads), told) == (1, [])


def test_the_end_of_the_desk_ends_every_wait(slack):
    stopping = threading.Event()
    stopping.set()
    chat = SlackChat(SlackWeb("xoxb-test", base_url=slack.url, stopping=stopping))
    slack.faults["chat.postMessage"] = [Fault.BUSY]
    chat.answer(typed(), Reply("answer"))
    assert slack.shown(GENERAL) == []


def test_a_token_that_slack_does_not_take_is_told(slack, waits):
    refused = []
    web = SlackWeb("xoxb-test", base_url=slack.url, stopping=waits, doubt=TokenDoubt(refused.append))
    slack.do = lambda method, asked: {"ok": False, "error": "token_revoked"}
    with pytest.raises(SendError):
        SlackChat(web).post(GENERAL, f"text for {mention(Person('@x', 'x'))}")
    assert refused == ["Slack refused: token_revoked"]


def test_an_answer_waits_while_slack_refuses_a_good_token(slack, waits):
    ended = []
    doubt = TokenDoubt(ended.append, lambda: sum(waits.lengths))
    doubt.begin()
    chat = SlackChat(SlackWeb("xoxb-test", base_url=slack.url, stopping=waits, doubt=doubt))
    slack.faults["chat.postMessage"] = [Fault.NOT_TAKEN] * 5
    chat.answer(typed(), Reply("answer"))
    assert [shown["text"] for shown in slack.shown(GENERAL)] == ["answer"]
    assert ended == []
    assert not doubt.exists


def test_a_post_that_meets_a_refused_token_is_to_be_tried_again(slack, waits):
    doubt = TokenDoubt(seconds=lambda: 0)
    doubt.begin()
    chat = SlackChat(SlackWeb("xoxb-test", base_url=slack.url, stopping=waits, doubt=doubt))
    slack.faults["chat.postMessage"] = [Fault.NOT_TAKEN]
    with pytest.raises(SendError) as unsent:
        chat.post(GENERAL, "text")
    assert (unsent.value.retry_after, unsent.value.unclear) == (timedelta(seconds=1), False)
