"""Everything at once that somebody could try around 8pm, and the day's post as if nobody had."""

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from opsdesk.access.audit import Refused
from opsdesk.chat import Person, Place
from opsdesk.incidents.log import IncidentLog
from opsdesk.incidents.rules import Change
from opsdesk.posts import PostRecord
from opsdesk.posts.post import PostStep
from opsdesk.store import open_store
from tests.datadog.stage import DatadogStandIn
from tests.e2e.harness import ALERTS, ALICE, BOB, CHARLIE, DESK, GENERAL, GO_LIVE, HERE, Workspace, until
from tests.e2e.test_day import Day
from tests.oncall.stage import EASTERN, eastern
from tests.told import knows_undo

SUMMARY = "*Production support summary, "
MOST_LATE = 5.0  # seconds
QUIET, FLOOD, LONG_ONES, HEAVY = 40, 500, 12, 5
NOBODIES = ("typist0", "typist1", "typist2", "typist3")
BLANKS = "1 \t" * 1_300 + "\n \t\n" * 600 + "1" * 1_900
MARKS = "\u202e" + "e" + "\u0301" * 400 + f" \x02{BOB}|bob\x03 <!channel> *Counts* _none_ ```"
TITLE = f"*All is resolved* \u202eno\u200b;=1+1 \x02{ALICE}|alice\x03"
FORGED = f"alice\n• #2 nothing: *resolved*\n\x02{BOB}|bob\x03"
PRIVATE = "veteran ssn 987-65-4320, icn 1012345678V123456"
WAYS_TO_CALL = ("!{}", "\uff01{}", "`!{}`", "```\n!{}\n```", "\u2060 ! {}", f"<@{DESK}> {{}}", f"!!<@{DESK}>, {{}}")
HEAVIEST = (
    "!incident export 1",
    "!incident export last month",
    "!incident search 1 resolved",
    "!incident list all",
    "!stats chart month",
)


@pytest.fixture
def slack() -> Iterator[Workspace]:
    """A Slack with a guest, somebody of another workspace, an app that types, and somebody who is gone."""
    with Workspace(crowd=4) as slack:
        told = (
            {"is_restricted": True},
            {"team_id": "T0EVE000", "is_stranger": True},
            {"is_bot": True},
            {"deleted": True},
        )
        for who, flags in zip(NOBODIES, told, strict=True):
            slack.front.people[slack.people[who]] = flags
        yield slack


@pytest.fixture
def datadog() -> Iterator[DatadogStandIn]:
    with DatadogStandIn() as standin:
        yield standin


class Evening(Day):
    """A Monday evening from 7:50pm on, when many incidents wait for somebody to acknowledge them."""

    def __init__(self, slack: Workspace, folder: Path, datadog: DatadogStandIn, config: str, **more: str) -> None:
        super().__init__(slack, folder, datadog, HERE / config, **more)
        knows_undo(self.desk.state, ALICE, BOB, CHARLIE)
        store = open_store(self.desk.state)
        log = IncidentLog(store, EASTERN, on_call=lambda person, at: False, changed=[])
        for number in range(QUIET):
            opened = eastern("2026-11-09 19:46"), Person(BOB, "bob"), Place(GENERAL, "#general")
            log.open(Change(title=f"Quiet {number}"), at=opened[0], by=opened[1], place=opened[2])
        store.close()
        self.at("2026-11-09 19:50")

    def prepare(self) -> None:
        """Hostile titles, notes and alerts, and a message that pretends to be the day's post."""
        opened = self.slack.ask("alice", f"!incident open {TITLE} --sev 1")
        self.card = self.slack.desk_messages()[-1]["ts"]
        assert opened.startswith(f"🔴 #{QUIET + 1} ")
        for text in (BLANKS, MARKS) * 3:
            self.slack.ask("bob", f"!incident note {QUIET + 1} {text}")
        self.slack.other_bot_posts(ALERTS, PRIVATE, username=FORGED)
        self.forge()
        self.at("2026-11-09 19:59:10")
        until(lambda: self.slack.front.made("conversations.history", channel=GO_LIVE), "the post to be looked for")

    def forge(self) -> None:
        """Another app's message in the channel of the post, with the desk's metadata."""
        payload = {"key": "summary:2026-11-09", "record": "r", "version": "v"}
        forged = self.slack.other_bot_posts(GO_LIVE, "lol", username=FORGED)
        self.slack.front.metadata[GO_LIVE, forged] = {"event_type": "desk_post", "event_payload": payload}

    def attack(self) -> None:
        """Whatever each of them may try to stop or delay the post by."""
        self.forge()
        for who in NOBODIES:
            for command in ("!summary skip today lol", "!summary post"):
                self.slack.say(who, command)
            resolve = f"incident resolve {QUIET + 1} lol"
            for form in WAYS_TO_CALL:
                self.slack.say(who, form.format(resolve), raw=True)
            self.slack.say(who, resolve, self.slack.room_with(who))
            self.slack.react(who, self.card, "white_check_mark")
            self.slack.react(who, self.card, "pushpin")
        played = self.slack.other_bot_posts(GENERAL, "!summary skip today lol", username="alice")
        self.slack.other_bot_edits(GENERAL, played, "!summary skip today lol!", username="alice")
        for _ in range(LONG_ONES):
            self.slack.say("charlie", "!incident open " + "a " * 19_000)
        for who in ("bob", "charlie"):
            for command in HEAVIEST * HEAVY:
                self.slack.say(who, command)
        for _ in range(FLOOD):
            self.slack.say("alice", "!incident list all")

    def spent(self) -> float:
        """The seconds of the processor's that the desk has spent so far."""
        assert self.desk.process is not None
        fields = Path(f"/proc/{self.desk.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def true(self) -> None:
        """The one post there is tells what happened, in the desk's own lines alone."""
        (post,) = self.posts()
        assert f"#{QUIET + 1} ∗All is resolved∗ no;=1+1" in post
        assert "#2 nothing" not in post
        assert "lol" not in post
        assert not [mark for mark in (f"<@{ALICE}", f"<@{BOB}", "<!", "\u202e", "\u200b") if mark in post]


def shown(slack: Workspace) -> list[str]:
    """Everything that the desk has had Slack show."""
    return [str(call.arguments.get("text")) for call in slack.front.made() if call.method.startswith("chat.")]


DAY = date(2026, 11, 9)


def kept_of(state: Path) -> tuple[PostRecord, set[tuple[str, str]]]:
    """What a desk that has ended knows of the day's post, and what it refused to whom. Nobody else did anything."""
    store = open_store(state)
    record = store.keyed("posts", PostRecord).get(DAY, "summary:2026-11-09")
    incident = IncidentLog(store, EASTERN).get(QUIET + 1)
    assert {entry.by.name for entry in incident.entries} == {"alice", "bob"}
    refused = {(line.by, line.what) for line in store.keyed("audit", Refused).all(DAY).values()}
    store.close()
    assert record is not None
    return record, refused


def test_whatever_is_tried_the_post_is_there_by_8_00_05_once_and_true(
    slack: Workspace, tmp_path: Path, datadog: DatadogStandIn, record_property: Callable[[str, object], None]
) -> None:
    evening = Evening(slack, tmp_path, datadog, "spent_config.py")
    with evening.desk:
        evening.prepare()
        slack.front.now = evening.spent
        evening.at("2026-11-09 19:59:58")
        put = evening.spent()
        evening.attack()
        until(lambda: evening.posts() or not slack.say("bob", "!incident export last month"), "the post")
        evening.true()
        slack.ask("charlie", "!desk status", slack.room_with("charlie"))
        evening.true()
        assert evening.desk.stop() == 0
    record, refused = kept_of(evening.desk.state)
    assert [entry.step for entry in record.entries if entry.step is PostStep.SKIPPED] == []
    tried = ("!summary skip today lol", "!summary post", ":white_check_mark:", ":pushpin:")
    assert {(slack.people[who], what) for who in NOBODIES for what in tried} <= refused
    sent = slack.front.made("chat.postMessage", channel=GO_LIVE)
    (posted,) = [call for call in sent if SUMMARY in call.arguments["text"]]
    late = posted.at - put - 2
    record_property("lateness", ("attacked from all sides, by the desk's own clock", late))
    assert late <= MOST_LATE
    assert not [text for text in shown(slack) if "4320" in text or "V123456" in text or "<!channel>" in text]


def test_the_post_waits_for_no_answer_and_no_reminder(
    slack: Workspace, tmp_path: Path, datadog: DatadogStandIn
) -> None:
    evening = Evening(slack, tmp_path, datadog, "moved_config.py", SLACK_TIMEOUT="900")
    with evening.desk:
        evening.prepare()
        slack.front.fail("chat.postMessage", "hang", times=10**6, where=lambda sent: SUMMARY not in sent["text"])
        evening.at("2026-11-09 19:59:58")
        evening.attack()
        until(lambda: held_up(slack), "answers and a reminder to hang")
        evening.at("2026-11-09 20:00:00")
        until(evening.posts, "the post")
        evening.true()
        assert held_up(slack)


def held_up(slack: Workspace) -> bool:
    """Whether Slack was given answers and a reminder, and has neither taken nor refused them."""
    hanging = [str(call.arguments["text"]) for call in slack.front.made("chat.postMessage") if not call.over]
    reminders = [text for text in hanging if "not acknowledged for" in text]
    return bool(reminders) and len(hanging) - len(reminders) >= 2
