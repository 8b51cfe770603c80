"""Conversations about calendars, and the calendar fetched by its link."""

import re
import urllib.error
import urllib.request
from types import SimpleNamespace

import icalendar
import pytest

from opsdesk.chat import Command, Person, Place, SendError, tell_alone
from opsdesk.errors import UserError
from tests.patience import LONG
from tests.ports import free_port

pytestmark = pytest.mark.usefixtures("team")

LINK = re.compile(r"link=(?:alice\.)?[a-z]{32}\b")


@pytest.fixture
def served(environment):
    """The desk's web server on this machine, which people reach at its own address."""
    environment["DESK_WEB"] = f"127.0.0.1:{free_port()}"
    environment["DESK_WEB_URL"] = f"http://{environment['DESK_WEB']}"
    return environment["DESK_WEB_URL"]


def fetched(address):
    """The status, and the names of what is told on Monday's shift."""
    try:
        with urllib.request.urlopen(address, timeout=LONG) as answer:
            events = icalendar.Calendar.from_ical(answer.read()).walk("VEVENT")
            return answer.status, [str(one["SUMMARY"]) for one in events][:1]
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()


def test_a_calendar_is_had_by_its_link_until_that_is_replaced(start, served):
    talk = start()
    told = talk("!oncall calendar")
    own, everybody = re.findall(r"http\S+", told)
    assert LINK.sub("link=…", told).split("\n") == [
        f"Your shifts: {served}/oncall/alice.ics?link=…",
        f"Everybody's: {served}/oncall.ics?link=…",
        "Subscribe to one by its address, in Outlook, Google or Apple Calendar: covers and swaps follow.",
        "Whoever has a link reads that calendar. `!oncall calendar new` replaces both.",
    ]
    assert (fetched(own), fetched(everybody)) == ((200, ["On call"]), (200, ["On call: Alice"]))
    again = talk("!oncall calendar new")
    assert again.split("\n")[-1] == "These are new. Those you had before open nothing any more."
    assert (fetched(own), fetched(everybody)) == ((404, b""), (404, b""))
    assert [fetched(address)[0] for address in re.findall(r"http\S+", again)] == [200, 200]
    assert talk("!oncall calendar of last year") == (
        "Type `!oncall calendar` for your links, or `!oncall calendar new` to replace them."
    )


def test_no_link_is_given_where_nothing_is_served_nor_to_strangers(start, served, environment):
    assert start()("!oncall calendar", by="dora").startswith(
        "You are not on the rotation, so that there is no calendar for you"
    )
    del environment["DESK_WEB"]
    assert start()("!oncall calendar").startswith("The desk serves no calendars here.")


def test_in_a_channel_links_go_to_whoever_asked_alone():
    sent = []
    chat = SimpleNamespace(tell=lambda person, text: sent.append((person, text)))
    asked = Command("", Person("U0ALICE", "Alice"), Place("C0LIVE"), None)
    assert tell_alone(chat, asked, "the links", "Sent.") == "Sent."
    assert sent == [("U0ALICE", "the links")]
    assert tell_alone(chat, Command("", asked.by, Place(), None), "the links", "Sent.") == "the links"


def test_links_that_cannot_be_sent_are_told_nowhere_else():
    def refuse(person, text):
        raise SendError("cannot_dm_bot")

    asked = Command("", Person("U0ALICE", "Alice"), Place("C0LIVE"), None)
    with pytest.raises(UserError, match=r"could not send you a direct message: cannot_dm_bot. Type it there to me\.$"):
        tell_alone(SimpleNamespace(tell=refuse), asked, "the links", "Sent.")
