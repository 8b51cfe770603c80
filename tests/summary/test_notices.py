"""Whoever is on call gets the draft, and hears of a post that is not as it should be."""

from datetime import date

import pytest

from opsdesk import settings
from opsdesk.errors import SettingsError, UserError
from opsdesk.incidents.rules import Change
from opsdesk.posts.words import PostWords
from opsdesk.store import Unreadable
from opsdesk.summary.summary import Part
from tests.chat.stage import REFUSED, failing
from tests.oncall.stage import EASTERN, eastern
from tests.summary.stage import BOB, Team, refuse_in_room


def test_the_person_on_call_gets_a_draft_with_what_is_missing(team):
    team.opened("Travel claims rejected", "2026-11-20 16:10")
    team.run("2026-11-23 19:39", "2026-11-23 19:59")
    (draft,) = team.channel.texts("U0ALICE")
    assert draft == (
        "Draft of today's post. You need not do anything: it is posted at its time.\n"
        "*Missing*\n"
        "• #1 Travel claims rejected: no news for 3 days. `!incident update 1 <text>`\n"
        "`!summary note <text>` adds to Handing over, `!summary skip <reason>` leaves today out.\n"
        "\n"
        "*Production support summary, Monday, November 23, 2026* (1pm to 8pm ET, on call: Alice)\n"
        "\n"
        "*Production events*\n"
        "No production events today.\n"
        "*Carried over*\n"
        "• #1 Travel claims rejected: *investigating* (sev 3, open 3 days, owner Alice)\n"
        "\n"
        "*Counts*\n"
        "Check-ins clicked: 1765\n"
        "\n"
        "*Incidents* 0 opened, 0 resolved, 1 carried over, 1 still open"
    )


def test_a_draft_has_room_for_the_post_however_much_is_missing(team):
    for number in range(30):
        team.opened(f"VistA {number}", "2026-11-23 10:10")
    team.run("2026-11-23 19:40", "2026-11-23 19:40")
    (draft,) = team.channel.texts("U0ALICE")
    missing = draft.partition("*Missing*\n")[2].splitlines()
    assert missing[9] == "• #10 VistA 9: no news for 9 hours. `!incident update 10 <text>`"
    assert missing[10:14] == [
        "• and 20 more",
        "`!summary note <text>` adds to Handing over, `!summary skip <reason>` leaves today out.",
        "",
        "*Production support summary, Monday, November 23, 2026* (1pm to 8pm ET, on call: Alice)",
    ]


@pytest.mark.parametrize("failed", [Unreadable("/srv/state/days/2026-11-23.json is empty"), KeyError("a mistake")])
def test_a_draft_says_so_where_what_waits_of_a_part_cannot_be_told(team, monkeypatch, failed):
    def waiting(day, at):
        raise failed

    monkeypatch.setattr(team.plan, "parts", (Part("alerts", "Alerts", lambda day: "2 untouched", waiting),))
    team.run("2026-11-23 19:40", "2026-11-23 19:41")
    (draft,) = team.channel.texts("U0ALICE")
    assert draft.partition("*Missing*\n")[2].startswith("• Alerts: what still waits cannot be told\n`!summary note")
    assert "*Alerts* 2 untouched" in draft.splitlines()


def test_given_up_it_is_told_with_the_whole_text_to_paste(team):
    team.channel.before = lambda call: refuse_in_room(team, call)
    team.run("2026-11-23 20:00", "2026-11-23 20:31")
    (told,) = team.channel.texts("U0ALICE")
    assert team.posted == []
    assert told.startswith(
        "The post of Monday, November 23, 2026 was *not posted*: channel_not_found. Here is its text to paste:\n\n"
        "*Production support summary, Monday, November 23, 2026* (1pm to 8pm ET, on call: Alice)\n"
    )


def test_back_after_midnight_the_post_is_told_and_kept_for_yesterday(team):
    team.opened("VEText reminders late", "2026-11-23 18:05")
    team.restart("2026-11-24 00:10")
    team.run("2026-11-24 00:10", "2026-11-24 00:12")
    assert team.posted == []
    (told,) = team.channel.texts("U0ALICE")
    assert "was *not posted*: the desk was down." in told
    shown = team.day_post.shown(date(2026, 11, 23), eastern("2026-11-24 00:15"))
    kept = PostWords(EASTERN).text(shown.lines, shown.day)
    assert told.endswith(kept)


def test_an_edit_that_keeps_failing_is_told_once(team):
    number = team.opened("VEText reminders late", "2026-11-23 18:05")
    team.run("2026-11-23 20:00", "2026-11-23 20:01")
    team.log.resolve(number, Change(text="backlog empty"), at=eastern("2026-11-23 20:06"), by=BOB)
    team.channel.before = failing("edit", *[REFUSED] * 99)
    team.run("2026-11-23 20:06", "2026-11-23 21:00")
    (told,) = team.channel.texts("U0ALICE")
    assert told == (
        "The post of Monday, November 23, 2026 could not be changed: channel_not_found. The desk goes on trying.\n"
        "`!summary` shows what it should say."
    )


def test_in_rehearsal_everything_goes_to_the_rehearsal_channel_marked(tmp_path):
    team = Team(tmp_path, "2026-11-21 12:00", rehearsal=True)
    team.run("2026-11-23 19:39", "2026-11-23 20:01")
    draft, post = (message.text for message in team.channel.messages)
    assert team.channel.texts("C0TRIAL") == [draft, post]
    assert draft.startswith("(rehearsal: meant for U0ALICE)\nDraft of today's post.")
    assert post.startswith("(rehearsal: meant for #go-live)\n*Production support summary, ")


def test_a_rehearsed_post_given_up_is_told_in_the_rehearsal_channel_alone(tmp_path):
    team = Team(tmp_path, "2026-11-23 12:00", rehearsal=True)
    team.restart("2026-11-24 00:10")
    team.run("2026-11-24 00:10", "2026-11-24 00:12")
    (told,) = (message.text for message in team.channel.messages)
    assert team.channel.texts("C0TRIAL") == [told]
    assert told.startswith("(rehearsal: meant for U0ALICE)\nThe post of Monday, November 23, 2026 was *not posted*")


def test_a_rehearsal_without_a_channel_is_refused_at_the_start():
    with pytest.raises(SettingsError, match="DESK_REHEARSAL=1 needs a channel to rehearse in"):
        settings.read({"DESK_REHEARSAL": "1"})


def test_a_post_that_is_given_up_is_told_to_the_admins_where_nobody_knows_who_is_on_call(team, monkeypatch):
    def damaged(at):
        raise UserError("What belongs to no day cannot be read.")

    team.admins = ["U0ADMIN"]
    team.restart("2026-11-23 19:00")
    monkeypatch.setattr(team, "to_tell", damaged)
    team.channel.before = lambda call: refuse_in_room(team, call)
    team.run("2026-11-23 20:00", "2026-11-23 20:31")
    told = team.channel.texts("U0ADMIN")[-1]
    assert told.startswith("The post of Monday, November 23, 2026 was *not posted*: channel_not_found.")
