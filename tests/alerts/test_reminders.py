"""Who is on call is reminded of what nobody acknowledged, and the alert channel hears of mutes."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from opsdesk.alerts.commands import AlertCommands
from opsdesk.alerts.intake import AlertIntake
from opsdesk.alerts.ledger import Ledger
from opsdesk.alerts.mute_notices import MuteNotices
from opsdesk.alerts.mutes import Mutes
from opsdesk.alerts.noise import NoiseFile, NoiseRule
from opsdesk.alerts.reminders import AlertReminders
from opsdesk.alerts.unused_rules import UnusedRules
from opsdesk.chat import Trouble
from opsdesk.errors import UserError
from opsdesk.posts import PostRecord
from opsdesk.store import Unreadable
from tests.chat.stage import BUSY
from tests.oncall.stage import ADMINS, ALICE, BOB, EASTERN, Stage

APM = "C02U11L00TF"


class Reminding:
    """Alice on call on Monday, November 23, 2026, with alerts, and rules that mute them."""

    def __init__(self, folder: Path) -> None:
        self.stage = Stage(folder)
        self.ledger = Ledger(self.stage.store, EASTERN)
        self.file = NoiseFile({"puma": NoiseRule("Bob", "it settles by itself", title="Puma")})
        self.mutes = Mutes(lambda: self.file, self.stage.store)
        self.intake = AlertIntake(self.ledger, lambda: self.mutes.rules(self.stage.at), [APM], lambda: self.stage.at)
        self.commands = AlertCommands(self.ledger, self.stage.incidents, lambda text: "")
        trouble = Trouble(self.stage.channel, ADMINS, self.stage.roster.to_tell)
        kept = self.stage.store.keyed("posts", PostRecord)
        self.reminders = AlertReminders(self.ledger, self.stage.roster, trouble, kept)
        self.notices = MuteNotices(self.mutes, self.ledger, APM)
        self.begin()

    def begin(self) -> None:
        """Rules looked at as by a desk that has just been started."""
        ids = {BOB.name: BOB.id}
        self.unused = UnusedRules(
            self.mutes, self.ledger, self.stage.store, self.stage.roster, lambda name: ids.get(name, ""), APM
        )
        self.stage.plans[:] = [self.reminders.plan, self.notices.plan, self.unused.plan]

    def came(
        self, title: str = "RPC timeouts", state: str = "Triggered", ago: timedelta = timedelta(), **how: bool
    ) -> int:
        ts = f"{(self.stage.at - ago).timestamp():.6f}"
        group = self.intake.message(
            {"channel": APM, "ts": ts, "bot_id": "B0DATADOG", "text": f"{state}: {title}"}, **how
        )
        assert group
        self.stage.at += timedelta(seconds=1)
        return group.number

    def heard_on(self, first: str, last: str = "", by: str = BOB.id) -> list[str]:
        """What somebody, or a channel, is told from one moment to another; up to it, from now, without another."""
        if last:
            self.stage.to(first)
        self.stage.run(last or first)
        heard, self.stage.heard = self.stage.heard, []
        return [line.partition(f"{by}: ")[2] for line in heard if f"{by}: " in line and "noise rule" in line]

    def heard(self, until: str) -> list[str]:
        self.stage.run(f"2026-11-23 {until}")
        heard, self.stage.heard = self.stage.heard, []
        return heard


@pytest.fixture
def reminding(tmp_path: Path) -> Iterator[Reminding]:
    reminding = Reminding(tmp_path / "state")
    reminding.stage.to("2026-11-23 14:00")
    yield reminding
    reminding.stage.store.close()


def test_what_nobody_acknowledged_is_named_twice_several_in_one_message(reminding: Reminding) -> None:
    for title in ("RPC timeouts", "Check-in durations"):
        reminding.came(title)
    assert reminding.heard("15:00") == [
        "Mon Nov 23 14:12 U0ALICE: Alert 1 RPC timeouts: not acknowledged for 12 minutes. `!alerts ack 1`\n"
        "Alert 2 Check-in durations: not acknowledged for 12 minutes. `!alerts ack 2`",
        "Mon Nov 23 14:15 U0ALICE: Alert 1 RPC timeouts: not acknowledged for 15 minutes. `!alerts ack 1`\n"
        "Alert 2 Check-in durations: not acknowledged for 15 minutes. `!alerts ack 2`",
    ]


def test_what_is_acknowledged_muted_or_over_reminds_nobody(reminding: Reminding) -> None:
    reminding.commands.acknowledge(reminding.came(), ALICE.person, reminding.stage.at)
    reminding.came("Puma backlog")
    assert reminding.heard("15:00") == []


def test_a_reminder_is_not_repeated_after_a_restart_and_keeps_to_the_shift(reminding: Reminding) -> None:
    reminding.came()
    assert len(reminding.heard("14:13")) == 1
    reminding.stage.posts.look_again()
    assert len(reminding.heard("14:30")) == 1
    reminding.stage.to("2026-11-23 19:55")
    reminding.came("late")
    assert reminding.heard("20:30") == []


def test_what_could_not_be_told_in_its_time_is_told_once_the_chat_is_back(
    reminding: Reminding, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(call: str) -> None:
        raise BUSY

    for minute in range(0, 30, 6):
        reminding.stage.to(f"2026-11-23 14:{minute:02}")
        reminding.came(f"Timeouts {minute}")
    monkeypatch.setattr(reminding.stage.channel, "before", busy)
    assert reminding.heard("14:49") == []
    monkeypatch.undo()
    assert [line.replace("\n", " / ") for line in reminding.heard("16:30")] == [
        "Mon Nov 23 14:49 U0ALICE: "
        "Alert 1 Timeouts 0: not acknowledged for 49 minutes. `!alerts ack 1` / "
        "Alert 2 Timeouts 6: not acknowledged for 43 minutes. `!alerts ack 2` / "
        "Alert 3 Timeouts 12: not acknowledged for 37 minutes. `!alerts ack 3` / "
        "Alert 4 Timeouts 18: not acknowledged for 31 minutes. `!alerts ack 4` / "
        "Alert 5 Timeouts 24: not acknowledged for 25 minutes. `!alerts ack 5`",
    ]


def test_what_came_while_the_desk_was_away_is_told_late_for_an_hour(reminding: Reminding) -> None:
    reminding.came("long ago")
    reminding.stage.to("2026-11-23 14:55")
    reminding.came("just now")
    reminding.stage.to("2026-11-23 15:20")
    told = [line.partition(": ")[2].partition(":")[0] for line in reminding.heard("16:30")]
    assert told == ["Alert 2 just now"]


def test_what_comes_again_hours_later_is_reminded_of_again_and_what_is_read_back_when_it_is_known(
    reminding: Reminding,
) -> None:
    reminding.commands.acknowledge(reminding.came(), ALICE.person, reminding.stage.at)
    reminding.stage.to("2026-11-23 14:05")
    reminding.came(state="Recovered")
    assert reminding.heard("17:00") == []
    reminding.came()
    reminding.came("durations", ago=timedelta(hours=2), read_back=True)
    assert reminding.heard("19:00") == [
        "Mon Nov 23 17:12 U0ALICE: Alert 1 RPC timeouts: not acknowledged for 12 minutes. `!alerts ack 1`\n"
        "Alert 2 durations: not acknowledged for 2 hours 12 minutes. `!alerts ack 2`",
        "Mon Nov 23 17:15 U0ALICE: Alert 1 RPC timeouts: not acknowledged for 15 minutes. `!alerts ack 1`\n"
        "Alert 2 durations: not acknowledged for 2 hours 15 minutes. `!alerts ack 2`",
    ]


def test_what_is_read_back_of_the_night_reminds_nobody(reminding: Reminding) -> None:
    reminding.came(ago=timedelta(hours=10), read_back=True)
    assert reminding.heard("16:30") == []


def test_a_look_for_unused_rules_that_fails_is_not_done_again_with_every_tick(
    reminding: Reminding, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[object] = []

    def damaged(*days: object) -> None:
        looks.append(days)
        raise Unreadable("The records of November 20 are damaged.")

    monkeypatch.setattr(reminding.ledger, "days", damaged)
    reminding.stage.plans[:] = [reminding.unused.plan]
    assert reminding.heard("14:30") == []
    assert len(looks) == 1


def test_a_mute_and_its_end_are_told_in_the_alert_channel(reminding: Reminding) -> None:
    group = reminding.ledger.get(reminding.came())
    reminding.mutes.mute(group, BOB.person, timedelta(hours=1), "a deploy", reminding.stage.at)
    reminding.came()
    assert [line for line in reminding.heard("15:30") if APM in line] == [
        f"Mon Nov 23 14:00 {APM}: 🔇 Bob muted alert 1, RPC timeouts, until 3:00pm: a deploy",
        f"Mon Nov 23 15:00 {APM}: 🔔 alert 1, RPC timeouts, is no longer muted.",
    ]


def test_a_mute_that_is_ended_early_is_told_once(reminding: Reminding) -> None:
    number = reminding.came()
    reminding.mutes.mute(reminding.ledger.get(number), BOB.person, timedelta(hours=1), "a deploy", reminding.stage.at)
    reminding.heard("14:10")
    reminding.mutes.unmute(number, reminding.stage.at)
    told = [line for line in reminding.heard("15:30") if APM in line]
    assert told == [f"Mon Nov 23 14:10 {APM}: 🔔 alert 1, RPC timeouts, is no longer muted."]


@pytest.mark.parametrize(
    ("length", "reason"), [(timedelta(hours=1), " "), (timedelta(days=31), "x"), (timedelta(), "x")]
)
def test_a_mute_needs_a_reason_and_an_end(reminding: Reminding, length: timedelta, reason: str) -> None:
    group = reminding.ledger.get(reminding.came())
    with pytest.raises(UserError):
        reminding.mutes.mute(group, BOB.person, length, reason, reminding.stage.at)


def test_a_rule_that_matches_nothing_for_a_month_is_named_to_its_owner_once(reminding: Reminding) -> None:
    reminding.came("Puma backlog")
    assert reminding.unused.lines(reminding.stage.at) == reminding.heard_on("2026-11-23 14:10") == []
    assert reminding.heard_on("2026-12-22 14:00", "2026-12-22 14:10") == []
    told = "Bob: the noise rule puma has matched nothing for 30 days (it settles by itself). "
    told += "If it is not needed any more, take it out of data/noise.toml."
    assert reminding.heard_on("2026-12-23 14:00", "2026-12-23 14:10") == [told]
    assert reminding.unused.lines(reminding.stage.at) == [told]
    reminding.begin()  # as after a restart
    assert reminding.heard_on("2026-12-24 14:00", "2026-12-24 14:10") == []


def test_a_rule_that_matched_in_time_is_left_alone(reminding: Reminding) -> None:
    reminding.unused.lines(reminding.stage.at)
    reminding.stage.to("2026-12-08 14:00")
    reminding.came("Puma backlog")
    assert reminding.heard_on("2026-12-23 14:00", "2026-12-23 14:10") == []


def test_a_rule_whose_owner_is_a_team_is_named_in_the_alert_channel(reminding: Reminding) -> None:
    rule = NoiseRule("Check-in Experience", "the guide says so", title="Lambda")
    reminding.file = NoiseFile({"lambda": rule})
    reminding.unused.lines(reminding.stage.at)
    (line,) = reminding.heard_on("2026-12-23 14:01", "2026-12-23 14:10", APM)
    assert line.startswith("Check-in Experience: the noise rule lambda has matched nothing for 30 days")
