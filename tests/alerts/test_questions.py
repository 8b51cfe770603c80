"""A question in the go-live channel is watched quietly until somebody of the team answers."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from opsdesk.alerts.questions import AlertQuestion, Questions, QuestionState, batches
from opsdesk.chat import Reaction, Trouble
from opsdesk.contacts.file import read
from tests.conftest import ROOT
from tests.oncall.stage import Stage, eastern

GO_LIVE = "C02UP02HHGX"
MONDAY = date(2026, 11, 23)
ALICE, EVE = "U0ALICE", "U0EVE"
ASKED = "Is check-in down at station 688?"


class Asking:
    """The go-live channel on a Monday, with Alice on call."""

    def __init__(self, folder: Path) -> None:
        self.stage = Stage(folder)
        self.stage.to("2026-11-23 14:00")
        contacts = read(ROOT / "data")
        trouble = Trouble(self.stage.channel, (), self.stage.roster.to_tell)
        self.questions = Questions(
            self.stage.store, self.stage.channel, self.stage.roster, lambda: contacts, trouble, GO_LIVE, on=True
        )
        self.stage.plans[:] = [self.questions.plan]

    def says(self, text: str, by: str = EVE, at: str = "", **given: Any) -> str:
        moment = eastern(f"2026-11-23 {at}") if at else self.stage.at
        ts = f"{moment.timestamp():.6f}"
        self.questions.heard({"channel": GO_LIVE, "user": by, "ts": ts, "text": text} | given, moment)
        return ts

    def reacts(self, ts: str, emoji: str, by: str = ALICE, *, added: bool = True) -> None:
        self.questions.reacted(Reaction(emoji, GO_LIVE, ts, by, added=added), self.stage.at)

    @property
    def states(self) -> list[QuestionState]:
        return [one.state for one in self.questions.day(MONDAY)]


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Asking]:
    asking = Asking(tmp_path / "state")
    yield asking
    asking.stage.store.close()


@pytest.mark.parametrize("text", [ASKED, "RPC socket timeout on pre-check-in", "Facility #534 cannot print", "hm?"])
def test_what_asks_or_reports_something_is_watched(asking: Asking, text: str) -> None:
    asking.says(text)
    assert asking.states == [QuestionState.OPEN]


@pytest.mark.parametrize(
    ("text", "by", "given"),
    [
        ("Thanks all", EVE, {}),
        ("!incident open VistA down?", EVE, {}),
        ("<@U0DESK> who is on call?", EVE, {}),
        ("Anybody there?", ALICE, {}),
        ("Anybody there?", EVE, {"thread_ts": "1.0"}),
        ("Anybody there?", EVE, {"bot_id": "B0APP"}),
        ("Anybody there?", EVE, {"channel": "C0OTHER"}),
    ],
)
def test_what_is_no_question_is_not(asking: Asking, text: str, by: str, given: dict[str, str]) -> None:
    asking.says(text, by, **given)
    assert asking.states == []


def test_without_an_answer_the_person_on_call_hears_of_each_once_and_the_channel_nothing(asking: Asking) -> None:
    asking.says(ASKED)
    asking.says("RPC socket timeout here", at="14:04")
    asking.stage.run("2026-11-23 14:40")
    link = "https://chat.example/C02UP02HHGX/"
    ask = "vista · Ask Shane Elliott or Andy McCarty · `!runbook vista`"
    assert asking.stage.heard == [
        "Mon Nov 23 14:15 U0ALICE: No answer for 15 minutes in the go-live channel:\n"
        f"• 2:00pm · subsystem unknown · {link}1795460400.000000",
        "Mon Nov 23 14:30 U0ALICE: No answer for 15 minutes in the go-live channel:\n"
        f"• 2:04pm · {ask} · {link}1795460640.000000",
    ]


def test_an_answer_in_the_thread_or_by_name_settles_it(asking: Asking) -> None:
    first, _ = asking.says(ASKED), asking.says("And pre-check-in?", "U0MALLORY", at="14:01")
    asking.says("I look at it", ALICE, at="14:05", thread_ts=first)
    assert asking.states == [QuestionState.ANSWERED, QuestionState.OPEN]
    asking.says("<@U0MALLORY> it is back", ALICE, at="14:06")
    asking.stage.run("2026-11-23 14:40")
    assert asking.stage.heard == []


@pytest.mark.parametrize(
    ("emoji", "state"),
    [("eyes", QuestionState.TAKEN), ("mute", QuestionState.NO_QUESTION), ("thumbsup", QuestionState.ANSWERED)],
)
def test_an_emoji_of_the_team_settles_it_until_it_is_taken_back(
    asking: Asking, emoji: str, state: QuestionState
) -> None:
    ts = asking.says(ASKED)
    asking.reacts(ts, emoji, EVE)
    assert asking.states == [QuestionState.OPEN]
    asking.reacts(ts, emoji)
    assert asking.states == [state]
    asking.reacts(ts, emoji, added=False)
    assert asking.states == [QuestionState.OPEN]


def test_nothing_of_what_was_said_is_kept(asking: Asking) -> None:
    asking.says("Jane Veteran cannot check in at station 688, why?")
    asking.stage.store.close()
    kept = b"".join(path.read_bytes() for path in asking.stage.folder.rglob("*.json"))
    assert b"Veteran" not in kept


def test_what_is_left_without_an_answer_is_named_before_the_shift_ends(asking: Asking) -> None:
    asking.says(ASKED)
    assert asking.questions.waiting(MONDAY, asking.stage.at) == [
        "2:00pm · subsystem unknown · https://chat.example/C02UP02HHGX/1795460400.000000"
    ]


def question(minutes: int, settled: int | None = None) -> AlertQuestion:
    at = eastern("2026-11-23 14:00")
    settled_at = None if settled is None else at + timedelta(minutes=settled)
    return AlertQuestion(GO_LIVE, f"{minutes}.0", EVE, at + timedelta(minutes=minutes), settled_at=settled_at)


def test_messages_about_questions_stand_fifteen_minutes_apart() -> None:
    asked = [question(0), question(5), question(14), question(40, settled=50), question(41)]
    start = eastern("2026-11-23 14:00")
    told = [(int((due - start).total_seconds() // 60), [one.ts for one in ones]) for due, ones in batches(asked)]
    assert told == [(15, ["0.0"]), (30, ["5.0", "14.0"]), (56, ["41.0"])]
