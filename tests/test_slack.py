"""The chat on Slack against a Web API of its own: proof or an error, patience, and names that are asked for once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.client import HTTPMessage
from types import SimpleNamespace
from urllib.error import HTTPError

import pytest

from opsdesk.chat import Person, Place, Posted, Reply, Unsent, mention
from opsdesk.slack import SlackChat
from opsdesk.slack_trouble import trouble_of
from opsdesk.slack_web import SlackWeb
from opsdesk.store import NotStored
from slack_api import Fault, SlackApi, serving

GENERAL, ALICE, BOB = "C01GENERAL", "U01ALICE", "U02BOB"
PEOPLE = {
    ALICE: {"id": ALICE, "name": "alice", "profile": {"display_name": "alice", "real_name": "Alice Adams"}},
    BOB: {"id": BOB, "name": "rsmith", "profile": {"display_name": "", "real_name": "Bob Smith"}},
}


class Slack(SlackApi):
    """As far as the chat needs it: people, channels, edits, reactions, files; every call is counted."""

    def __init__(self):
        super().__init__(fault=self._fault)
        self.faults, self.calls, self.reactions, self.uploads = {}, [], set(), []
        self.page = 200

    def _fault(self, method):
        self.calls.append(method)
        waiting = self.faults.get(method, [])
        return waiting.pop(0) if waiting else None

    def do(self, method, asked):
        if method.startswith("bytes"):
            return {"ok": True}
        return super().do(method, asked)

    def _auth_test(self, asked):
        return {"url": "https://example.slack.com/", "user_id": "U09DESK"}

    def _users_info(self, asked):
        return {"user": PEOPLE[asked["user"]]} if asked["user"] in PEOPLE else {"ok": False, "error": "user_not_found"}

    def _users_list(self, asked):
        return {"members": list(PEOPLE.values())}

    def _conversations_info(self, asked):
        return {"channel": {"id": asked["channel"], "name": "general"}}

    def _conversations_history(self, asked):
        """A page of the channel's messages, the latest first."""
        shown, at = super()._conversations_history(asked)["messages"], int(asked.get("cursor") or 0)
        more = at + self.page < len(shown)
        cursor = {"next_cursor": str(at + self.page) if more else ""}
        return {"messages": shown[at : at + self.page], "has_more": more, "response_metadata": cursor}

    def _conversations_replies(self, asked):
        return self._conversations_history(asked)

    def _reactions_add(self, asked):
        if asked["name"] in self.reactions:
            return {"ok": False, "error": "already_reacted"}
        self.reactions.add(asked["name"])
        return {}

    def _files_getUploadURLExternal(self, asked):  # noqa: N802
        return {"upload_url": f"{self.url}bytes", "file_id": "F01"}

    def _files_completeUploadExternal(self, asked):  # noqa: N802
        self.uploads.append(asked)
        shown = {"channel": asked["channel_id"], "ts": f"{self.now():.6f}", "text": "", "files": [{"id": "F01"}]}
        self.messages.append(shown)
        return {"files": []}


class Waits:
    """Stands for the end of the desk: every wait is noted, and over at once."""

    def __init__(self):
        self.lengths = []

    def wait(self, seconds):
        self.lengths.append(seconds)
        return False


@pytest.fixture
def slack():
    with serving(Slack()) as api:
        yield api


@pytest.fixture
def waits():
    return Waits()


@pytest.fixture
def web(slack, waits):
    return SlackWeb("xoxb-test", base_url=slack.url, stopping=waits)


@pytest.fixture
def told():
    return []


@pytest.fixture
def chat(web, told):
    return SlackChat(web, tell_admins=told.append)


def typed(text="!incident", **event):
    """A message as Errbot hands it over."""
    slack_event = {"channel": GENERAL, "user": ALICE, "ts": "1795470990.000001", "text": text} | event
    return SimpleNamespace(extras={"slack_event": slack_event})


def test_a_post_is_proved_by_its_place_and_a_link(chat, slack):
    posted = chat.post(GENERAL, "two & two")
    ts = slack.shown(GENERAL)[0]["ts"]
    link = f"https://example.slack.com/archives/{GENERAL}/p{ts.replace('.', '')}"
    assert posted == Posted(room=GENERAL, ts=ts, permalink=link)
    assert slack.shown(GENERAL)[0]["text"] == "two &amp; two"


def test_a_post_does_not_wait_for_a_name_that_slack_does_not_tell(chat, slack, monkeypatch):
    monkeypatch.setattr("opsdesk.slack.NAMES_WITHIN", 0.05)
    over = threading.Event()
    slack.before = lambda method: over.wait() if method == "users.info" else None
    chat.post(GENERAL, f"<@{BOB}> is looking")
    over.set()
    assert [shown["text"] for shown in slack.shown(GENERAL)] == [f"@{BOB} is looking"]


def test_an_edit_does_not_wait_for_a_name_that_slack_does_not_tell(chat, slack, waits, monkeypatch):
    monkeypatch.setattr("opsdesk.slack.NAMES_WITHIN", 0.05)
    posted = chat.post(GENERAL, "nobody is looking")
    over = threading.Event()
    slack.before = lambda method: over.wait(20) if method == "users.info" else None
    chat.edit(posted, f"<@{BOB}> is looking")
    assert waits.lengths == []
    over.set()
    assert [shown["text"] for shown in slack.shown(GENERAL)] == [f"@{BOB} is looking"]


def test_a_post_is_found_again_by_its_key(chat):
    begun = datetime.now(UTC) - timedelta(minutes=1)
    chat.post(GENERAL, "other", key="other")
    posted = chat.post(GENERAL, "summary", key="summary 2026-11-23")
    assert chat.find(GENERAL, "summary 2026-11-23", begun) == posted
    assert chat.find(GENERAL, "summary 2026-11-24", begun) is None
    assert chat.find(GENERAL, "summary 2026-11-23", datetime.now(UTC) + timedelta(minutes=1)) is None


def test_a_post_that_is_not_among_those_looked_through_may_stand_all_the_same(chat, slack):
    slack.page = 2
    begun = datetime.now(UTC) - timedelta(minutes=1)
    posts = [chat.post(GENERAL, "text", key=f"post {number}") for number in range(12)]
    assert chat.find(GENERAL, "post 2", begun) == posts[2]
    with pytest.raises(Unsent, match="there are more than 1000 messages to look through") as unsent:
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


def test_a_direct_message_is_found_by_whom_it_went_to(chat):
    posted = chat.tell(BOB, "draft", key="draft")
    assert posted.room == f"D{BOB}"
    assert chat.find(BOB, "draft", datetime.now(UTC) - timedelta(minutes=1)) == posted


def test_an_edit_keeps_to_the_message(chat, slack):
    posted = chat.post(GENERAL, "before")
    chat.edit(posted, "after <b>")
    assert [message["text"] for message in slack.shown(GENERAL)] == ["after &lt;b&gt;"]


def test_an_emoji_that_is_there_already_is_no_error(chat):
    posted = chat.post(GENERAL, "text")
    chat.react(posted, "eyes")
    chat.react(posted, "eyes")


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
    with pytest.raises(Unsent) as unsent:
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


def test_a_post_whose_answer_was_lost_is_found_and_not_posted_again(chat, slack):
    slack.faults["chat.postMessage"] = [Fault.CUT_AFTER]
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
    with pytest.raises(Unsent, match="Slack cannot be reached") as unsent:
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


def test_an_answer_goes_where_the_command_stands_and_is_proved(chat, slack):
    proofs = []
    chat.answer(typed(thread_ts="1795470000.000001"), Reply("answer", key="k", posted=proofs.append))
    assert [(proof.room, proof.thread) for proof in proofs] == [(GENERAL, "1795470000.000001")]
    assert proofs[0].permalink.endswith(f"?thread_ts=1795470000.000001&cid={GENERAL}")


def test_an_answer_that_cannot_be_sent_is_told_to_the_admins(chat, slack, told, waits):
    slack.faults["chat.postMessage"] = [Fault.BUSY] * 20
    chat.answer(typed("!incident list"), Reply("2 open"))
    assert sum(waits.lengths) <= 120
    assert told == [
        'alice typed "!incident list" in #general and may have no answer: Slack asks to wait 20 seconds. '
        "The answer is: 2 open"
    ]


def test_an_answer_whose_place_cannot_be_kept_stands_and_the_admins_are_told(chat, slack, told):
    def full(posted):
        raise NotStored("The disk is full: nothing was stored.")

    chat.answer(typed("!incident open VistA"), Reply("#1 VistA", posted=full))
    assert [message["text"] for message in slack.shown(GENERAL)] == ["#1 VistA"]
    assert told == [
        'alice typed "!incident open VistA" in #general and has the answer, but where it stands could not be kept, '
        "so that nothing in its thread or on it is followed: The disk is full: nothing was stored."
    ]


def test_what_the_desk_tells_the_admins_goes_the_patient_way(chat, slack, told):
    chat.tell_admins("A file is damaged.")
    assert (told, slack.calls) == (["A file is damaged."], [])


def test_what_belongs_into_a_thread_waits_as_long_as_slack_asks(chat, slack, waits):
    slack.faults["chat.postMessage"] = [Fault.BUSY, Fault.CUT_AFTER]
    chat.reply(Posted(GENERAL, "1795470990.000001"), "agreed")
    assert [message["text"] for message in slack.shown(GENERAL)] == ["agreed"]
    assert waits.lengths == [20, 0.5]


def test_what_a_thread_may_lack_is_told_to_the_admins(chat, slack, told):
    slack.faults["chat.postMessage"] = [Fault.GONE]
    chat.reply(Posted(GENERAL, "1795470990.000001"), "agreed")
    assert told == [
        "What belongs into a thread in #general may be missing: Slack refused: channel_not_found. It is: agreed"
    ]


def test_a_long_answer_is_sent_whole_as_a_file(chat, slack):
    chat.answer(typed(), Reply("\n".join(["a line of words"] * 1000)))
    text = slack.shown(GENERAL)[0]["text"]
    assert len(text) <= 4000
    assert text.endswith("left out: the whole answer is in the file below.")
    assert len(slack.uploads) == 1


@pytest.mark.parametrize("step", ["files.getUploadURLExternal", "bytes", "files.completeUploadExternal"])
@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.BROKEN, Fault.CUT_BEFORE, Fault.CUT_AFTER])
def test_a_file_is_shown_once_whatever_fails(chat, slack, tmp_path, step, fault, told):
    file = tmp_path / "export.csv"
    file.write_text("a,b")
    slack.faults[step] = [fault]
    chat.answer(typed(), Reply("here", file=file))
    assert (len(slack.uploads), told) == (1, [])


def test_a_file_that_cannot_be_sent_is_told(chat, slack, tmp_path, told):
    file = tmp_path / "export.csv"
    file.write_text("a,b")
    slack.faults["files.completeUploadExternal"] = [Fault.GONE]
    chat.answer(typed(), Reply("here", file=file))
    assert told[0].endswith("Slack refused: channel_not_found. The answer is: (the file export.csv)")


def test_what_was_said_has_slack_s_ids(chat):
    said = chat.said(typed(), "some\x02 text of 123-45-6789", datetime(2026, 11, 23, tzinfo=UTC))
    assert (said.text, said.ts) == ("some text of [SSN]", "1795470990.000001")
    assert said.by == Person(ALICE, "alice")
    assert said.place == Place(GENERAL, "#general", "")


def test_a_direct_message_is_in_no_room(chat):
    said = chat.said(typed(channel="D01"), "text", datetime(2026, 11, 23, tzinfo=UTC))
    assert said.place == Place()


@pytest.mark.parametrize("named", [f"<@{BOB}>", "@rsmith", "Bob Smith", "@bob smith"])
def test_people_are_known_by_mention_and_by_name(chat, named):
    assert chat.person(named) == Person(BOB, "Bob Smith")


def test_nobody_goes_by_an_unknown_name(chat):
    assert chat.person("@nobody") is None


def test_a_name_is_asked_for_once_by_twenty_threads(web, slack):
    with ThreadPoolExecutor(20) as pool:
        names = list(pool.map(web.lookups.name, [BOB] * 20))
    assert names == ["Bob Smith"] * 20
    assert slack.calls.count("users.info") == 1


def test_a_changed_name_is_asked_for_again(web, slack):
    web.lookups.name(BOB)
    web.lookups.forget(BOB)
    web.lookups.name(BOB)
    assert slack.calls.count("users.info") == 2


def test_a_name_that_slack_does_not_tell_is_the_id(web, slack, waits):
    slack.faults["users.info"] = [Fault.BROKEN] * 20
    assert web.lookups.name(BOB) == BOB
    assert 60 < sum(waits.lengths) <= 120
    slack.faults.clear()
    assert web.lookups.name(BOB) == "Bob Smith"


def test_a_name_that_slack_does_not_tell_is_waited_for_no_longer_by_twenty_threads(web, slack, waits):
    slack.faults["users.info"] = [Fault.BROKEN] * 400
    together = threading.Barrier(20)

    def name(user):
        together.wait(20)
        return web.lookups.name(user)

    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(name, [BOB] * 20)) == {BOB}
    assert sum(waits.lengths) <= 120


def test_a_stranger_goes_by_the_id_and_is_not_asked_for_again(web, slack):
    assert [web.lookups.name("U0STRANGER")] * 2 == ["U0STRANGER", web.lookups.name("U0STRANGER")]
    assert slack.calls.count("users.info") == 1


def test_the_end_of_the_desk_ends_every_wait(slack):
    stopping = threading.Event()
    stopping.set()
    chat = SlackChat(SlackWeb("xoxb-test", base_url=slack.url, stopping=stopping))
    slack.faults["chat.postMessage"] = [Fault.BUSY]
    chat.answer(typed(), Reply("answer"))
    assert slack.shown(GENERAL) == []


def test_a_token_that_slack_does_not_take_is_told(slack, waits):
    refused = []
    web = SlackWeb("xoxb-test", base_url=slack.url, stopping=waits, token_refused=refused.append)
    slack.do = lambda method, asked: {"ok": False, "error": "token_revoked"}
    with pytest.raises(Unsent):
        SlackChat(web).post(GENERAL, f"text for {mention(Person('@x', 'x'))}")
    assert refused == ["Slack refused: token_revoked"]
