"""A summary that another desk wrote loses nothing, and gets what it lacks."""

from datetime import date

import pytest

from opsdesk.incidents.rules import Change
from opsdesk.posts.post import PostLine
from opsdesk.posts.words import PostWords
from opsdesk.summary import standing
from tests.oncall.stage import EASTERN, eastern
from tests.summary.stage import ALICE, BOB, Team

MONDAY = date(2026, 11, 23)
STANDING = """\
*Production support summary, Monday, November 23, 2026* (1pm to 8pm ET, on call: Alice)

*Production events*
• #1 VistA timeouts: *resolved* (sev 2, 1:12pm to 3:40pm, 2 hours 28 minutes). restarted (updated 8:07pm)
*Carried over*
• #7 Travel claims rejected: *investigating* (sev 3, open 3 days, owner Bob)

*Counts* (midnight to 8pm ET)
Check-ins clicked: 1765
Check-ins completed: 1121

*Incidents* 1 opened, 1 resolved, 1 carried over · Friday's post: https://chat.example/1
*Handing over* Watch the VEText backlog"""
QUIET = """\
*Production support summary, Monday, November 23, 2026* (1pm to 8pm ET, on call: Alice)

*Production events*
No production events today.

Counts unavailable: Datadog did not answer (timeout). Trying until 8:30pm.

*Incidents* 0 opened, 0 resolved, 0 carried over"""


def text(lines) -> str:
    return "\n".join(line.text for line in lines)


def join(there: str, now: str, before: str = "") -> str:
    return text(standing.join(standing.read(there), standing.read(before) if before else (), standing.read(now)))


@pytest.mark.parametrize("there", [STANDING, QUIET, "(late: due 8:00pm, the desk was down)\n" + STANDING, "lol", ""])
def test_a_summary_is_read_and_written_to_the_letter(there):
    assert text(standing.read(there)) == there
    assert join(there, there) == there


def test_a_desk_with_nothing_to_say_takes_nothing_away():
    assert join(STANDING, QUIET) == STANDING


def test_what_a_quiet_summary_lacks_is_added_part_by_part():
    assert join(QUIET, STANDING) == STANDING


def test_incidents_of_two_desks_with_the_same_number_both_stand():
    own = STANDING.replace("#1 VistA timeouts", "#1 VEText late").replace("*resolved*", "*investigating*")
    joined = join(STANDING, own).splitlines()
    assert [line[:18] for line in joined[3:5]] == ["• #1 VistA timeout", "• #1 VEText late: "]
    assert "*Incidents* 3 told above, 1 of them resolved · Friday's post: https://chat.example/1" in joined


def test_an_incident_that_changed_here_since_is_told_as_it_is_now():
    now = STANDING.replace("owner Bob)", "owner Alice). found the cause")
    assert join(STANDING, now, before=STANDING) == now
    assert join(STANDING, STANDING, before=now) == STANDING


def test_an_older_version_of_an_incident_takes_nothing_from_the_standing_one():
    older = STANDING.replace("*resolved* (sev 2, 1:12pm to 3:40pm, 2 hours 28 minutes)", "*investigating* (sev 2)")
    assert join(STANDING, older) == STANDING
    assert join(STANDING, older, before=older) == STANDING


def test_an_emoji_that_the_chat_writes_by_its_name_is_still_the_same_incident():
    there = STANDING.replace("VistA timeouts", "VistA :fire: timeouts")
    assert join(there, STANDING.replace("VistA timeouts", "VistA 🔥 timeouts")).count("timeouts") == 1


def test_known_numbers_are_never_replaced_by_an_error():
    unknown = STANDING.replace("Check-ins completed: 1121", "Check-ins completed: unavailable")
    assert join(STANDING, unknown, before=STANDING) == STANDING
    assert join(unknown, STANDING) == STANDING


def test_notes_of_both_desks_stand_and_each_changes_its_own():
    other = STANDING.replace("Watch the VEText backlog", "Monitor 116657 is muted")
    both = join(STANDING, other)
    assert both.endswith("*Handing over* Watch the VEText backlog\n*Handing over* Monitor 116657 is muted")
    changed = other.replace("muted", "muted until 9am")
    assert join(both, changed, before=other).splitlines()[-2:] == [
        "*Handing over* Watch the VEText backlog",
        "*Handing over* Monitor 116657 is muted until 9am",
    ]
    assert join(both, QUIET, before=other).splitlines()[-1] == "*Handing over* Watch the VEText backlog"


def test_what_has_no_room_is_said_to_be_left_out():
    lines = [f"• #{number} {'long title ' * 20}{number}: *investigating* (sev 3)" for number in range(2, 60)]
    joined = join(STANDING, STANDING.replace("*Carried over*", "\n".join([*lines, "*Carried over*"])))
    assert len(joined) <= 4_000
    shown = joined.count("• #") - 2
    assert f"…and {len(lines) - shown} more: `!incident list today` and `!incident list` show all" in joined


def test_the_part_of_another_wing_is_added_once_and_kept():
    told = STANDING.replace("*Incidents*", "*Alerts* 12 in 3 groups\n*Incidents*")
    assert join(STANDING, told) == told
    assert join(told, STANDING) == told
    assert join(told, told.replace("12 in 3", "13 in 3"), before=told) == told.replace("12 in 3", "13 in 3")


def test_the_counts_that_a_desk_asks_for_are_the_counts_that_stand():
    own = [PostLine("counts missing", "Counts unavailable: no keys.", marked=True)]
    assert text(standing.join(standing.read(STANDING), (), own)) == STANDING


def test_a_second_desk_on_a_folder_of_its_own_adds_to_the_post_what_it_knows(team, tmp_path):
    team.opened("VistA timeouts", "2026-11-23 13:12")
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    other = Team(tmp_path / "other", "2026-11-21 00:00", channel=team.channel)
    number = other.opened("VEText reminders late", "2026-11-23 18:05", by=BOB)
    other.day_post.note("Watch the VEText backlog", by=ALICE, at=eastern("2026-11-23 19:45"))
    other.run("2026-11-23 20:01", "2026-11-23 20:03")
    (posted,) = team.posted
    assert "• #1 VistA timeouts: *investigating* (sev 3, since 1:12pm, owner Alice)\n• #1 VEText reminders" in posted
    assert "*Incidents* 2 told above, 0 of them resolved\n*Handing over* Watch the VEText backlog" in posted
    assert PostWords(EASTERN).text(other.day_post.record(MONDAY).lines, MONDAY) == posted
    team.log.resolve(number, Change(text="restarted"), at=eastern("2026-11-23 20:06"), by=BOB)
    team.run("2026-11-23 20:07", "2026-11-23 20:08")
    (posted,) = team.posted
    assert "• #1 VistA timeouts: *resolved*" in posted
    assert "• #1 VEText reminders late: *investigating*" in posted
    other.store.close()
