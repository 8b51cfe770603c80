"""A shift done with clicks alone, from "I have the shift" to the post at 8pm, as it went."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.datadog.stage import DatadogStandIn, RawPoint
from tests.e2e.browser import Person, pictures_of
from tests.e2e.harness import ALERTS, ALICE, BOB, SCOPES, Workspace
from tests.e2e.test_day import COUNTS, EASTERN, SIX_LINES, Day
from tests.e2e.test_rotation import heard


@pytest.fixture
def slack() -> Iterator[Workspace]:
    with Workspace("socket", scopes=f"{SCOPES},commands") as workspace:
        yield workspace


@pytest.fixture
def day(slack: Workspace, tmp_path: Path) -> Iterator[Day]:
    """Monday, November 9, 2026, Alice on call from 1pm, Bob a week later, alerts where this Slack has them."""
    with DatadogStandIn() as datadog:
        for metric, number in COUNTS.items():
            noon = datetime(2026, 11, 9, 12, tzinfo=EASTERN).timestamp()
            datadog.add(f"vets_api.statsd.{metric}", RawPoint(noon, number))
        day = Day(slack, tmp_path, datadog)
        settings = tmp_path / "data" / "desk.toml"
        settings.write_text(settings.read_text().replace("C02U11L00TF", ALERTS))
        rotation = tmp_path / "data" / "rotation.toml"
        next_one = 'id = ""\nname = "Second Engineer"'
        rotation.write_text(rotation.read_text().replace(next_one, f'id = "{BOB}"\nname = "Bob"'))
        with day.desk:
            yield day


@pytest.fixture
def alice(slack: Workspace, day: Day, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Person]:
    with Person(browser, slack, "alice", pictures_of(request, slack)) as alice:
        yield alice


def test_a_shift_is_done_with_clicks_alone(slack, day, alice):
    # 1:00pm: the shift begins with its brief, in the direct messages.
    day.at("2026-11-09 13:00")
    alice.reads_messages_of_the_desk()
    brief = alice.message("!shift accept")
    alice.sees("brief")
    alice.presses("I have the shift", brief)
    alice.message("Alice has the shift", alice.opens_thread(brief))

    # Bob cannot next Monday.
    slack.say("bob", f"!oncall swap <@{ALICE}> nov 16", raw=True)
    asked = alice.message("Bob asks you to take over on Mon Nov 16")
    alice.sees("swap")
    alice.presses("Accept", asked)
    heard(slack, slack.room_with("bob"), "✅ Alice takes over from Bob on Mon Nov 16")

    # 1:12pm: an alert, looked at, then an incident; the form knows nothing yet, so she says what is new.
    day.at("2026-11-09 13:12")
    link = f"https://tevi.ddog-gov.com/monitors/1?group={'host%3Avista-api' * 6}"
    told = {"title": "Triggered: vista-api RPC timeouts", "title_link": link}
    posted = slack.other_bot_posts(ALERTS, "Triggered: vista-api RPC timeouts", attachments=[told | {"text": "vista"}])
    alice.goes_to("alerts")
    thread = alice.opens_thread(alice.page.locator(f'.msg[data-ts="{posted}"]'))
    reply = alice.message("1st today", thread)
    alice.sees("alert")
    alice.presses("Looking", reply)
    reply.get_by_role("button", name="Take it back").wait_for()
    alice.presses("Open an incident", reply)
    card = alice.message("#1 vista-api RPC timeouts", thread)
    expect(reply).to_contain_text("Became #1")
    expect(reply.get_by_role("link", name="https://tevi.ddog-gov.com/monitors/1…")).to_have_attribute("href", link)
    alice.sees("alert-became-an-incident")
    alice.presses("Update", card)
    alice.form("Update #1")
    alice.field("What is new").fill("RPC socket timeouts at two sites, the vista-api team is looking")
    alice.field("Status").select_option(label="identified")
    assert alice.sends() == {}
    expect(card).to_contain_text("alice 1:12pm: RPC socket timeouts at two sites")
    expect(alice.message("#1 identified", thread)).to_contain_text("the vista-api team is looking")
    alice.chooses("Quiet for 2 hours", card)
    alice.message("Nobody is reminded of #1", thread)

    # 2:30pm: a second one, from the page at a glance.
    day.at("2026-11-09 14:30")
    alice.goes_to("🏠 desk")
    alice.presses("Open an incident")
    alice.form("Open an incident")
    alice.field("What is wrong").fill("VEText reminders late")
    alice.field("Where").select_option(label="vetext")
    assert alice.sends() == {}
    alice.goes_to("alerts")
    alice.goes_to("🏠 desk")
    expect(alice.page.locator(".home")).to_contain_text("#2 VEText reminders late")
    alice.sees("home")

    # 3:40pm: the first is over.
    day.at("2026-11-09 15:40")
    alice.goes_to("alerts")
    thread = alice.opens_thread(alice.page.locator(f'.msg[data-ts="{posted}"]'))
    card = alice.message("#1 vista-api RPC timeouts", thread)
    alice.presses("Resolve", card)
    alice.form("Resolve #1")
    alice.field("What ended it").fill("vista-api restarted, errors < 1% & gone since 3:35pm")
    assert alice.sends() == {}
    card.get_by_role("button", name="Reopen").wait_for()
    alice.sees("resolved")

    # 7:40pm: the draft.
    day.at("2026-11-09 19:40")
    alice.reads_messages_of_the_desk()
    draft = alice.message("Production support summary")
    alice.sees("draft")
    alice.presses("Add a note", draft)
    alice.form("Hand over")
    alice.field("Note").fill("Watch the VEText backlog")
    assert alice.sends() == {}
    alice.presses("Preview", draft)
    expect(alice.message("only visible to you")).to_contain_text("Watch the VEText backlog")

    # 8:00pm: it stands.
    day.at("2026-11-09 20:00")
    assert SIX_LINES in day.post("*Counts*")
    alice.goes_to("check-in-go-live")
    post = alice.message("Production support summary")
    expect(post).to_contain_text("vista-api restarted, errors < 1% & gone since 3:35pm")
    expect(post).to_contain_text("Watch the VEText backlog")
    alice.sees("post")
    assert [one for one in slack.messages() if one.get("user") == slack.people["alice"]] == []
