"""What people click in Slack's page: what that does, and what they see."""

import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browser import Person, pictures_of
from tests.e2e.harness import GO_LIVE, KILLED, SCOPES, DeskProcess, Workspace, until
from tests.e2e.pressing import Shown, form, said_by


@pytest.fixture(scope="module", params=["socket", "events"])
def slack(request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """A Slack whose app has the scope for it."""
    with Workspace(request.param, scopes=f"{SCOPES},commands") as workspace:
        yield workspace


@pytest.fixture(scope="module")
def desk(slack: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskProcess]:
    with DeskProcess(slack, tmp_path_factory.mktemp("desk")) as process:
        yield process


@pytest.fixture
def pictures(request: pytest.FixtureRequest, slack: Workspace) -> Path:
    """Where the pictures of this test are kept."""
    return pictures_of(request, slack)


@pytest.fixture
def alice(slack: Workspace, desk: DeskProcess, browser: Browser, pictures: Path) -> Iterator[Person]:
    with Person(browser, slack, "alice", pictures) as alice:
        yield alice


def test_an_incident_is_opened_updated_and_resolved_by_clicks(slack, desk, alice):
    alice.goes_to("🏠 desk")
    alice.presses("Open an incident")
    alice.form("Open an incident")
    assert alice.sends() == {"what": "Please complete this required field."}
    alice.field("What is wrong").fill("VistA timeouts on pre-check-in & <b>")
    alice.field("Where").select_option(label="vista")
    alice.picks("sev 2")
    alice.field("Since when").fill("tomorrow 3pm")
    assert list(alice.sends()) == ["since"]
    alice.sees("a-form-with-something-wrong")
    alice.field("Since when").fill("12:50pm")
    assert alice.sends() == {}
    alice.goes_to("check-in-go-live")
    card = alice.message("VistA timeouts on pre-check-in & <b>")
    expect(card).to_contain_text("sev 2 · vista · investigating · started 12:50pm · opened by alice 1:12pm")
    alice.sees("the-card")
    alice.presses("Update", card)
    alice.form("Update #")
    alice.field("What is new").fill("two sites")
    alice.field("Status").select_option(label="identified")
    alice.field("Owner").select_option(label="Bob")
    assert alice.sends() == {}
    expect(card).to_contain_text("alice 1:12pm: two sites")
    expect(card).to_contain_text("identified")
    expect(card).to_contain_text("owner bob")
    alice.presses("Timeline", card)
    expect(alice.message("only visible to you")).to_contain_text("two sites")
    alice.presses("Resolve", card)
    alice.form("Resolve #")
    alice.field("What ended it").fill("vista-api restarted")
    assert alice.sends() == {}
    card.get_by_role("button", name="Reopen").wait_for()
    thread = alice.opens_thread(card)
    expect(alice.message("resolved after", thread)).to_contain_text("22 minutes: vista-api restarted")
    alice.sees("resolved")


def test_of_two_who_press_at_once_one_acts_and_the_other_reads_who(slack, desk, alice, browser, pictures):
    slack.say("charlie", "!incident open Claims are rejected")
    number = slack.answer()["text"].split()[1]
    fault = slack.front.fail("chat.update", "429", times=1_000)  # both see the card as it stood
    with Person(browser, slack, "bob", pictures) as bob:
        for person in (alice, bob):
            person.goes_to("general")
            person.presses("Take it", person.message(f"{number} Claims are rejected"))
        first, second = until(lambda: who_was_sooner(alice, bob), "somebody to read who was sooner")
        said = second.message("was sooner")
        expect(said).to_contain_text(f"{first.who} was sooner: {number} is {first.who}'s since 1:12pm")
        expect(said).to_contain_text("only visible to you")
        second.sees(f"{second.who}-reads-who-was-sooner")
        assert first.page.get_by_text("was sooner").count() == 0
        fault.times = 0
        for person in (alice, bob):
            expect(person.message(f"{number} Claims are rejected")).to_contain_text(f"owner {first.who}")
        owned = [one["text"] for one in slack.desk_messages() if f"{number} owner" in one["text"]]
        assert owned == [f"{first.who}: {number} owner {first.who} (was charlie)."]


def who_was_sooner(*people: Person) -> tuple[Person, Person] | None:
    """Who acted, and who reads so."""
    read = [person for person in people if person.page.get_by_text("was sooner").count()]
    return (next(person for person in people if person not in read), read[0]) if read else None


@pytest.mark.parametrize("mode", ["socket", "events"])
def test_a_form_that_was_done_but_not_acknowledged_is_sent_again_and_done_once(mode, tmp_path):
    with Workspace(mode) as slack, DeskProcess(slack, tmp_path, config=KILLED) as desk:
        slack.front.ask("interactive", said_by(slack, "alice", type="shortcut", callback_id="incident.open"))
        one = form(slack)
        sent = threading.Thread(target=send_into_the_void, args=(one,), daemon=True)
        sent.start()
        assert desk.ended() == -signal.SIGKILL
        desk.start()
        assert one.send("alice", what="Claims are lost") == {}
        card = slack.answer(GO_LIVE)["text"]
        assert one.send("alice", what="Claims are lost") == {}
        assert slack.ask("alice", "!incident list").count("Claims are lost") == 1
        assert [text for text in cards(slack) if "Claims are lost" in text] == [card]


def send_into_the_void(one: Shown) -> None:
    """Sends a form that nobody acknowledges."""
    with suppress(Exception):
        one.send("alice", what="Claims are lost")


def cards(slack: Workspace) -> list[str]:
    return [one["text"] for one in slack.desk_messages(GO_LIVE) if one["text"].startswith("🔴")]
