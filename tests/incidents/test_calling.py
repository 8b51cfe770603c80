"""The other team is asked once with proof; a clock says who is next; their answer stops it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from opsdesk.chat import Person, Place, Reaction
from opsdesk.contacts import Directory
from opsdesk.contacts.file import read
from opsdesk.errors import UserError
from opsdesk.incidents.calling import Calls
from opsdesk.incidents.calling_words import standing
from opsdesk.incidents.rules import Change
from tests.chat.stage import LOST, failing
from tests.conftest import ROOT
from tests.oncall.stage import ALICE, BOB, EASTERN, Stage, eastern

ENGINEERING, GO_LIVE = "C02G6AB3ZRS", "C02UP02HHGX"
CHARLEY = Person("U0CHARLEY", "Charley")


def directory() -> Directory:
    """The shipped contacts; of Charley the Slack id is kept."""
    shipped = read(ROOT / "data")
    shipped.people["charley"] = replace(shipped.people["charley"], slack=CHARLEY.id)
    return shipped


class Asking:
    """Alice on call with an incident of an alert; the other team's channel."""

    def __init__(self, folder: Path) -> None:
        self.stage = Stage(folder)
        self.stage.to("2026-11-23 13:31")
        self.calls = self.made()
        self.stage.plans[:] = [lambda at: self.calls.plan(at)]

    def made(self, rehearsal: str = "") -> Calls:
        stage = self.stage
        return Calls(
            stage.incidents, stage.channel, stage.roster, directory, lambda: stage.at, team="tevi", rehearsal=rehearsal
        )

    def opened(self, subsystem: str | None = None, source: str = "alert/3", text: str = "") -> int:
        change = Change(title="VistA timeouts", text=text, severity=None, subsystem=subsystem, source=source)
        place = Place(GO_LIVE, "#check-in-go-live", "77.0")
        return self.stage.incidents.open(change, at=eastern("2026-11-23 13:12"), by=ALICE.person, place=place).number

    def ask(self, number: int, typed: str = "no token from CHIP since 1:05pm") -> str:
        told = self.calls.call(number, typed, by=ALICE.person, at=self.stage.at)
        self.calls.follow(self.stage.incidents.get(number))
        return told

    def answer(self, text: str, by: Person = CHARLEY, thread: str = "1.0", room: str = ENGINEERING) -> None:
        self.calls.heard(self.message(thread, room), by, text)

    def message(self, thread: str = "1.0", room: str = ENGINEERING, **more: str) -> dict[str, str]:
        """A message of this moment in the thread of a call."""
        return {"channel": room, "thread_ts": thread, "ts": f"{self.stage.at.timestamp():.6f}", **more}


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Asking]:
    asking = Asking(tmp_path / "state")
    yield asking
    asking.stage.store.close()


def test_what_comes_from_an_alert_is_asked_of_the_guides_team(asking: Asking) -> None:
    assert asking.ask(asking.opened()) == (
        "Asked Charley in #check-in-experience-engineering at 1:31pm. No answer by 1:46pm: Michael Kimball is next."
    )
    [message] = asking.stage.channel.messages
    assert message.room == ENGINEERING
    assert message.text == (
        "\x02U0CHARLEY|Charley\x03 #1 VistA timeouts (sev 3, since 1:12pm): no token from CHIP since 1:05pm\n"
        "Asked by Alice, on call until 8pm. Please answer in this thread, or react 👀."
    )


def test_the_link_of_an_alert_that_nobody_has_written_about_stands_once(asking: Asking) -> None:
    link = "https://tevi.ddog-gov.com/monitors/116657"
    asking.ask(asking.opened(text=link), "")
    assert asking.stage.channel.messages[0].text == (
        "\x02U0CHARLEY|Charley\x03 #1 VistA timeouts (sev 3, since 1:12pm)\n"
        f"Asked by Alice, on call until 8pm. Please answer in this thread, or react 👀. {link}"
    )


def test_what_a_person_opened_on_a_subsystem_is_asked_in_its_own_channel(asking: Asking) -> None:
    told = asking.ask(asking.opened("vista", source="C0/1.0"), "")
    assert told == (
        "Asked Shane Elliott in #check-in-go-live at 1:31pm. No answer by 1:46pm: Andy McCarty is next. "
        "Shane Elliott could only be named: no Slack id is kept."
    )
    assert asking.stage.channel.messages[0].room == GO_LIVE


def test_an_answer_stops_the_clock_with_the_minutes_it_took(asking: Asking) -> None:
    number = asking.opened()
    asking.ask(number)
    asking.stage.at += timedelta(minutes=6)
    asking.answer("looking")
    assert [message.text for message in asking.stage.channel.messages[1:]] == [
        "Charley answered after 6 minutes: looking"
    ]
    asking.stage.run("2026-11-23 15:00")
    assert len(asking.stage.channel.messages) == 2
    incident = asking.stage.incidents.get(number)
    assert standing(incident, asking.stage.at, EASTERN) == "Charley answered 1:37pm"


@pytest.mark.parametrize("by", [ALICE.person, Person("U0EVE", "Eve")])
def test_only_those_who_were_asked_answer(asking: Asking, by: Person) -> None:
    number = asking.opened()
    asking.ask(number)
    asking.answer("any news?", by)
    asking.answer("wrong thread", thread="2.0")
    assert asking.stage.incidents.get(number).waiting_call


def test_whoever_was_asked_first_may_answer_once_the_next_was_asked(asking: Asking) -> None:
    number = asking.opened()
    asking.ask(number)
    asking.stage.at += timedelta(minutes=16)
    asking.ask(number, "again")
    asking.stage.at += timedelta(minutes=4)
    asking.answer("looking, it is ours", thread="1.0")
    assert asking.stage.channel.messages[-1].text == "Charley answered after 20 minutes: looking, it is ours"
    assert asking.stage.incidents.get(number).waiting_call is None
    asking.calls.reacted(Reaction("eyes", ENGINEERING, "1.0", CHARLEY.id, added=True), CHARLEY)
    assert len(asking.stage.channel.messages) == 3


def test_where_no_ids_are_kept_neither_another_app_nor_the_own_rotation_answers(asking: Asking) -> None:
    number = asking.opened("vista", source="C0/1.0")
    asking.ask(number, "")
    app = Person("U0TICKETS", "Tickets")
    asking.calls.heard(asking.message(room=GO_LIVE, bot_id="B0TICKETS"), app, "Thanks! A ticket was made.")
    asking.answer("any news?", BOB.person, room=GO_LIVE)
    assert asking.stage.incidents.get(number).waiting_call
    asking.answer("looking", Person("U0SHANE", "Shane"), room=GO_LIVE)
    assert asking.stage.incidents.get(number).waiting_call is None


def test_an_answer_counts_from_when_it_was_written_and_once_however_often_it_is_read(asking: Asking) -> None:
    number = asking.opened()
    asking.ask(number)
    asking.stage.at += timedelta(minutes=2)
    message = asking.message()
    asking.stage.at += timedelta(minutes=38)
    for _ in range(2):
        asking.calls.heard(message, CHARLEY, "looking")
    assert [one.text for one in asking.stage.channel.messages[1:]] == ["Charley answered after 2 minutes: looking"]


def test_a_call_that_cannot_be_kept_says_that_they_were_asked(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise UserError("Nothing was stored: the disk is full.")

    number = asking.opened()
    monkeypatch.setattr(asking.stage.incidents, "escalate", full)
    with pytest.raises(UserError) as refused:
        asking.ask(number)
    assert str(refused.value) == (
        "Asked Charley in #check-in-experience-engineering, but that is not kept: Nothing was stored: the disk is "
        "full. Please do not ask again: look there for the answer."
    )
    assert len(asking.stage.channel.messages) == 1


def test_eyes_on_the_call_answer_it_too(asking: Asking) -> None:
    number = asking.opened()
    asking.ask(number)
    asking.calls.reacted(Reaction("eyes", ENGINEERING, "1.0", CHARLEY.id, added=True), CHARLEY)
    assert asking.stage.incidents.get(number).answer


def test_an_answer_that_came_while_the_desk_was_deaf_is_read_back_once(asking: Asking) -> None:
    number = asking.opened()
    asking.ask(number)
    ts = f"{(asking.stage.at + timedelta(minutes=2)).timestamp():.6f}"
    asking.stage.channel.others[ENGINEERING] = [{"ts": ts, "user": CHARLEY.id, "text": "looking"}]
    for _ in range(2):
        asking.calls.read_back(lambda key: CHARLEY)
    assert [entry.text for entry in asking.stage.incidents.get(number).entries[2:]] == ["looking"]


def test_contacts_that_name_no_channel_any_more_stop_no_clock(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    asking.ask(asking.opened())
    asking.ask(asking.opened("vista", source="C0/1.0"), "")
    nowhere = directory()
    nowhere.teams.clear()
    nowhere.subsystems.clear()
    monkeypatch.setattr(asking.calls, "_directory", lambda: nowhere)
    asking.stage.run("2026-11-23 14:02")
    told = [message.text.partition(" ")[2] for message in asking.stage.channel.messages[2:]]
    assert [re.split(r"\. |, and", text)[0] for text in told] == [
        "no answer from Charley about #1 yet",
        "no answer from Shane Elliott about #2 yet",
        "still no answer about #1",
        "still no answer about #2",
    ]


def test_without_an_answer_the_asker_hears_who_is_next_and_then_what_the_playbook_wants(asking: Asking) -> None:
    asking.ask(asking.opened())
    asking.stage.run("2026-11-23 13:40")
    asking.stage.restart()
    asking.calls = asking.made()
    asking.stage.run("2026-11-23 15:00")
    told = [(message.thread, message.text) for message in asking.stage.channel.messages[1:]]
    assert told == [
        (
            "77.0",
            "\x02U0ALICE|Alice\x03 no answer from Charley about #1 yet: Michael Kimball is next. "
            "`!incident escalate 1 again` asks them.",
        ),
        (
            "77.0",
            "\x02U0ALICE|Alice\x03 still no answer about #1. The playbook wants a major incident declared: "
            "`!incident update 1 --sev 2`, with an incident commander. `!links playbook`",
        ),
    ]


def test_again_asks_the_next_and_then_there_is_nobody_left(asking: Asking) -> None:
    number = asking.opened()
    asking.ask(number)
    with pytest.raises(UserError, match="Charley was asked already"):
        asking.ask(number, "please")
    assert asking.ask(number, "again").startswith("Asked Michael Kimball in #check-in-experience-engineering")
    with pytest.raises(UserError, match="Nobody else is named"):
        asking.ask(number, "again")


def test_somebody_named_is_asked(asking: Asking) -> None:
    told = asking.ask(asking.opened(), "to michael kimball the token again")
    assert told.startswith("Asked Michael Kimball in")
    assert "the token again" in asking.stage.channel.messages[0].text
    with pytest.raises(UserError, match="names nobody I know"):
        asking.ask(asking.opened(source="alert/4"), "to xyzzy please")


def test_a_call_that_is_not_confirmed_is_no_call_and_says_so(asking: Asking) -> None:
    number = asking.opened()
    asking.stage.channel.before = failing("post", LOST)
    with pytest.raises(UserError, match=r"Asked nobody: the connection was cut\. It may stand there all the same"):
        asking.ask(number)
    assert asking.stage.incidents.get(number).calls == ()


def test_a_rehearsal_mentions_nobody(asking: Asking) -> None:
    asking.calls = asking.made(rehearsal="C0TRIAL")
    asking.ask(asking.opened())
    [message] = asking.stage.channel.messages
    assert message.room == "C0TRIAL"
    assert message.text.startswith("(rehearsal: meant for #check-in-experience-engineering)\n@Charley #1")
