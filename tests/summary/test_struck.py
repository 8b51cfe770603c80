"""What was told in the day's post and then voided or merged stays there, struck through."""

from opsdesk.incidents.rules import Change
from tests.incidents.stage import ALICE
from tests.oncall.stage import eastern
from tests.summary.stage import Team


def events(team: Team) -> list[str]:
    return [line for line in team.posted[-1].splitlines() if line.startswith("•")]


def test_one_voided_after_the_post_is_struck_through_with_its_reason_and_one_before_is_not_told(team: Team) -> None:
    for title in ("Twice", "VistA timeouts", "VistA slow"):
        team.opened(title, "2026-11-23 14:00")
    team.log.void(1, Change("opened twice"), at=eastern("2026-11-23 15:00"), by=ALICE)
    team.run("2026-11-23 19:59", "2026-11-23 20:01")
    assert [line.partition(":")[0] for line in events(team)] == ["• #2 VistA timeouts", "• #3 VistA slow"]
    team.log.void(2, Change("a drill"), at=eastern("2026-11-23 20:05"), by=ALICE)
    team.log.merge(3, team.opened("VistA as a whole", "2026-11-23 20:05"), at=eastern("2026-11-23 20:05"), by=ALICE)
    team.run("2026-11-23 20:05", "2026-11-23 20:07")
    assert events(team) == [
        "• #4 VistA as a whole: *investigating* (sev 3, since 8:05pm, owner Alice) (updated 8:05pm)",
        "• ~#2 VistA timeouts: *investigating* (sev 3, since 2:00pm)~. void since 8:05pm (alice: a drill) "
        "(updated 8:05pm)",
        "• ~#3 VistA slow: *investigating* (sev 3, since 2:00pm)~. merged into #4 by alice 8:05pm (updated 8:05pm)",
    ]
    assert "*Incidents* 1 opened, 0 resolved, 0 carried over" in team.posted[-1]


def test_one_that_was_carried_over_and_is_voided_in_the_next_shift_does_not_vanish(team: Team) -> None:
    for title in ("Twice", "VistA timeouts"):
        team.opened(title, "2026-11-23 14:00")
    team.run("2026-11-23 19:59", "2026-11-23 20:01")
    team.log.void(1, Change("opened twice"), at=eastern("2026-11-24 14:00"), by=ALICE)
    team.run("2026-11-24 19:59", "2026-11-24 20:01")
    assert events(team) == [
        "• #2 VistA timeouts: *investigating* (sev 3, open 1 day, owner Alice)",
        "• ~#1 Twice: *investigating* (sev 3, open 1 day)~. void since 2:00pm (alice: opened twice)",
    ]
    assert "*Incidents* 0 opened, 0 resolved, 1 carried over, 1 still open" in team.posted[-1]
    team.run("2026-11-25 19:59", "2026-11-25 20:01")
    assert "Twice" not in team.posted[-1]
