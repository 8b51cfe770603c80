"""The page tells what the chat tells: every word and number on it is what somebody would be answered."""

from datetime import timedelta

import pytest

from opsdesk.alerts import AlertDesk
from opsdesk.alerts.alert import unrecognised
from opsdesk.alerts.notification import Notification
from opsdesk.chat import Person
from opsdesk.errors import UserError
from opsdesk.home.counts import PageCounts
from opsdesk.home.page import PageSources, page
from opsdesk.incidents import Change
from opsdesk.slack import mrkdwn
from opsdesk.slack.home_tab import view_of_home
from tests.e2e.limits import refused_blocks
from tests.incidents.stage import HERE
from tests.patience import LONG
from tests.talk import Conversation, MovedClock

FRESH = timedelta(0)


@pytest.fixture
def desk(talk: Conversation):
    return talk.plugin("summary").desk


def parts(desk, clock: MovedClock):
    """The page by its headings: what stands below each."""
    counts = PageCounts(desk.counts.so_far, patience=LONG)
    sources = PageSources(desk.oncall, desk.incidents, desk.alerts, counts, desk.summary, desk.zone)
    made = page(sources, clock(), FRESH)
    return made, {part.heading: part.panels for part in made.parts}


def words(panels):
    return "\n".join(filter(None, (panel.text for panel in panels)))


def test_it_tells_what_the_chat_tells(talk, desk, clock):
    talk("!incident open VistA timeouts --sev 2 --on vista")
    clock.forward(hours=5)
    made, told = parts(desk, clock)
    assert words(told["Who is on call"]) == talk("!oncall").replace("\\", "")
    assert words(told["Open incidents"]) == talk("!incident list").splitlines()[0]
    assert words(told["Alerts today"]) == talk("!alerts")
    assert words(told["Counts"]).splitlines() == talk("!stats today").splitlines()
    post = words(told["The day's post"]).splitlines()
    assert post[0] == talk("!summary status").splitlines()[0] == "Next post: 8:00pm."
    assert post[2:] == ["*Missing*", "• #1 VistA timeouts: no news for 5 hours. `!incident update 1 <text>`"]
    assert made.as_of == "As of 6:12pm ET. What changes shows here within minutes."
    assert [one.label for one in told[""][0].buttons] == [
        "Open an incident",
        "Preview today's post",
        "Note for the hand-over",
    ]


def test_of_sixteen_open_incidents_fifteen_are_shown_and_how_many_more(talk, desk, clock):
    hostile = "VistA *bad* & <!channel> " + "x" * 170
    for number in range(16):
        change = Change(title=f"{hostile}{number:02}")
        desk.incidents.log.open(change, at=clock(), by=Person("@alice", "alice"), place=HERE)
    made, told = parts(desk, clock)
    head, *ones, more = told["Open incidents"]
    assert (head.text, len(ones), more.facts) == ("16 open", 15, "and 1 more: `!incident list 2`")
    assert talk("!incident list 2").splitlines()[1].startswith("#16 ")
    assert [one.buttons[0].about for one in ones][:2] == ["1@1", "2@1"]
    view = view_of_home(made, lambda text: mrkdwn.write(text, str))
    assert refused_blocks("views.publish", {"view": view}) == ""
    title = next(block["text"] for block in view["blocks"] if "accessory" in block)
    assert title["type"] == "plain_text"
    assert title["text"].startswith("🔴 #1 VistA ∗bad∗ & <!channel> xxx")


def test_an_alert_that_nobody_has_touched_waits_with_what_to_press(talk, desk, clock):
    for n in range(12):
        desk.alerts.ledger.take(
            Notification(unrecognised(f"Triggered: *{n}*", clock()), f"one {n}", "message", clock())
        )
    _, told = parts(desk, clock)
    head, *ones, more = told["Alerts today"]
    assert head.text == "12: 12 untouched"
    assert ones[0].text == talk("!alerts").splitlines()[1].replace("\\", "")
    assert (ones[0].buttons[0].act, ones[0].buttons[0].about) == ("alert.looking", "1@1")
    assert (len(ones), more.facts) == (10, "and 2 more: `!alerts`")


def test_a_part_that_cannot_be_told_leaves_the_others(talk, desk, clock, monkeypatch):
    def damaged(at):
        raise UserError("What was stored cannot be read.")

    def mistaken(at):
        raise ZeroDivisionError

    monkeypatch.setattr(type(desk.incidents), "listed", lambda self, at: damaged(at))
    monkeypatch.setattr(AlertDesk, "listed", lambda self, at: mistaken(at))
    _, told = parts(desk, clock)
    assert words(told["Open incidents"]) == "What was stored cannot be read."
    assert words(told["Alerts today"]) == "Unavailable: a mistake in the desk."
    assert words(told["The day's post"]).startswith("Next post: ")
