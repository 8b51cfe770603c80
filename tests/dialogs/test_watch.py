"""The watch on a desk: what falls is told by itself, once, through restarts and gaps, and shown wherever counts are."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.conftest import Conversation, MovedClock
from tests.counts.stage import DASHBOARD
from tests.datadog.stage import FORBIDDEN, DatadogStandIn
from tests.oncall.stage import ROTATION_TOML
from tests.watch.simulated import CLICKED, COMPLETED, at
from tests.watch.simulated import clock as told_clock
from tests.watch.test_rule import CASES
from tests.watch.world import fill

MINUTES = 120.0  # seconds that a look may take on a busy machine
FELL = (
    "⚠ Check-ins clicked: none since 1:20pm; usually 37 in 10 minutes at this time. "
    "Completed: none since 1:20pm (usually 17). Pre-check-ins are as usual. "
    f"{DASHBOARD}  To keep it: `!incident open No check-ins --sev 2`"
)
BACK = (
    "✅ Check-ins: back since 2:05pm, 44 in 15 minutes (usually 83). "
    "None from 1:20pm to 2:05pm: about 250 fewer than usual."
)


class Watching:
    """A desk whose clock is moved minute by minute, with what it says of its own accord."""

    def __init__(
        self, start: Callable[[], Conversation], clock: MovedClock, datadog: DatadogStandIn, data: Path
    ) -> None:
        (data / "rotation.toml").write_text(ROTATION_TOML)
        self._start, self.clock, self.datadog = start, clock, datadog
        self.to("1:00pm")
        self.talk = start()
        self.said()

    def again(self) -> None:
        """The desk stopped and started."""
        self.talk = self._start()

    def to(self, time: str) -> None:
        """The clock moved, and with it what Datadog has."""
        self.clock.to_time(time)
        self.clock.forward(seconds=5)
        self.datadog.now = self.clock.at.timestamp()

    def look(self) -> list[str]:
        """One minute of the desk: a look, and what it says then."""
        self.talk.tick()
        assert self.talk.plugin("watch").desk.watch.counters.wait(MINUTES)
        self.talk.tick()
        return self.said()

    def run(self, first: str, last: str, every: int = 1) -> list[str]:
        """What the watch says from the first to the last minute, with when."""
        told = []
        for minute in range(at(first), at(last) + 1, every):
            self.to(told_clock(minute))
            told += [f"{told_clock(minute)} {line}" for line in self.watched(self.look())]
        return told

    def watched(self, lines: Sequence[str]) -> list[str]:
        """Those of the lines that tell of a fall, or that it is over."""
        return [line for line in lines if line.partition("] ")[2][:1] in ("⚠", "✅")]

    def said(self) -> list[str]:
        """What was said and not read so far."""
        lines = []
        self.talk.say("!echo that was all")
        while (line := self.talk.next()) != "that was all":
            lines.append(line)
        return lines


@pytest.fixture
def begin(
    start: Callable[[], Conversation], clock: MovedClock, datadog: DatadogStandIn, environment: dict[str, str]
) -> Callable[[], Watching]:
    environment.update(datadog.environment)
    return lambda: Watching(start, clock, datadog, Path(environment["DESK_DATA_DIR"]))


def in_both(line: str, key: str) -> list[str]:
    """A message as it stands in the alert channel, and with the person on call."""
    return [f"{key} [#check-in-experience-apm] {line}", f"{key} [@alice] {line}"]


def test_a_stop_is_told_once_and_that_it_is_over(begin: Callable[[], Watching], datadog: DatadogStandIn) -> None:
    fill(datadog, CASES[2], back=dict.fromkeys((CLICKED, COMPLETED), at("2:05pm")))
    watching = begin()
    assert watching.run("1:30pm", "1:36pm") == in_both(FELL, "1:33pm")
    line = "⚠ Check-ins: none since 1:20pm; usually 56 in 10 minutes at this time: look at " + DASHBOARD
    assert watching.talk("!stats today").splitlines()[-1] == line
    assert watching.talk("!stats check-ins completed").splitlines()[-1] == line
    assert "⚠" not in watching.talk("!stats pre-check-ins completed")
    assert watching.run("2:16pm", "2:19pm") == [f"2:18pm [#check-in-experience-apm] {BACK}"]
    assert watching.run("2:30pm", "3:00pm", 15) == []
    assert "⚠" not in watching.talk("!stats today")
    summary = watching.talk("!summary").splitlines()
    assert "*Watch* Check-ins: none from 1:20pm to 2:05pm, about 250 fewer than usual" in summary
    assert watching.talk("!alerts").splitlines()[-1] == "1. ✅ Check-ins: none since 1:20pm · 2:18pm · recovered"


def test_a_restart_neither_repeats_nor_loses_a_telling(begin: Callable[[], Watching], datadog: DatadogStandIn) -> None:
    fill(datadog, CASES[2])
    watching = begin()
    watching.to("1:33pm")
    watching.talk.tick()
    assert watching.talk.plugin("watch").desk.watch.counters.wait(MINUTES)
    watching.again()
    watching.to("1:34pm")
    assert watching.watched(watching.look()) == [line.partition(" ")[2] for line in in_both(FELL, "1:33pm")]
    watching.again()
    assert watching.run("1:35pm", "1:37pm") == []
    watching.datadog.points.clear()  # the state alone is left to tell by
    assert watching.talk("!summary").count("Check-ins: none since 1:20pm; usually 56 in 10 minutes") == 1


def test_a_gap_in_the_data_is_told_as_what_it_is(begin: Callable[[], Watching], datadog: DatadogStandIn) -> None:
    fill(datadog, CASES[11], gap=range(at("2:00pm"), at("2:40pm")))
    watching = begin()
    told = watching.run("2:10pm", "2:14pm") + watching.run("2:50pm", "2:55pm") + watching.run("3:10pm", "4:00pm", 25)
    no_points = (
        "⚠ No point of any counter in Datadog since 2pm (usually 218 in 10 minutes): nobody checks in, or Datadog gets "
        f"no data. {DASHBOARD}  To keep it: `!incident open No counts in Datadog --sev 2`"
    )
    again = "✅ Datadog has points of the counters again since 2:40pm. None from 2pm to 2:40pm."
    assert told == [*in_both(no_points, "2:13pm"), f"2:53pm [#check-in-experience-apm] {again}"]


def test_a_fall_while_datadog_does_not_answer_is_told_with_its_first_answer(
    begin: Callable[[], Watching], datadog: DatadogStandIn
) -> None:
    fill(datadog, CASES[2])
    watching = begin()
    assert watching.run("1:17pm", "1:18pm") == []
    datadog.fails(FORBIDDEN)
    assert watching.run("1:25pm", "1:40pm", 5) == []
    blind = "The watch sees nothing: Datadog refused the keys (403, organisation vagov)."
    assert watching.talk("!stats today").splitlines()[-1] == blind
    datadog.recovers()
    (told, _) = watching.run("1:41pm", "1:43pm")
    assert told.startswith(
        "1:41pm [#check-in-experience-apm] ⚠ Check-ins clicked: none since 1:20pm; usually 67 in 18 minutes at this "
    )


def test_the_watch_is_off_for_a_while_and_says_when_it_is_on_again(
    begin: Callable[[], Watching], datadog: DatadogStandIn
) -> None:
    fill(datadog, CASES[2])
    watching = begin()
    watching.to("1:10pm")
    assert watching.talk("!watch off until 3pm") == (
        "Say why, for whoever reads it. Type `!watch off until 3pm a load test`, or `!watch off 2h a load test`."
    )
    off = "The watch tells nothing until 3pm ET: a load test. `!watch on` ends that."
    assert watching.talk("!watch off until 3pm a load test") == off
    assert watching.run("1:33pm", "1:43pm", 5) == []
    watching.again()
    assert watching.run("2:30pm", "2:30pm") == []
    assert watching.talk("!stats today").splitlines()[-2:] == [
        f"⚠ Check-ins: none since 1:20pm; usually 56 in 10 minutes at this time: look at {DASHBOARD}",
        "The watch is off until 3pm (alice: a load test).",
    ]
    watching.to("3:00pm")
    told = watching.look()
    on = "[#check-in-experience-apm] The watch is on again. It was off from 1:10pm on (alice: a load test)."
    assert told.count(on) == 1
    assert watching.watched(told)[0].startswith(
        "[#check-in-experience-apm] ⚠ Check-ins clicked: none since 1:20pm; usually 359 in that time. Completed: none"
    )
    assert watching.talk("!watch pause until 4pm a deploy") == off.replace("3pm", "4pm").replace("load test", "deploy")
    assert watching.talk("!watch resume").startswith("The watch is on again. It was off since 3:00pm")
    assert watching.talk("!watch for ever").startswith('I do not know "for ever" of the watch. `!watch` shows')
    assert watching.talk("!watch on") == "The watch is on already. `!watch` shows what it sees."


def test_the_watch_shows_how_each_count_is_judged(begin: Callable[[], Watching], datadog: DatadogStandIn) -> None:
    fill(datadog, CASES[11])
    watching = begin()
    watching.to("7:00pm")
    assert watching.talk("!watch").splitlines() == [
        "The watch looks every minute until 8pm ET.",
        "As of 7:00pm, judged by points at least 3 minutes old:",
        "• Check-ins clicked: as usual, 16 in 30 minutes, usually 20",
        "• Check-ins completed: 18 in 30 minutes, usually 11; too few to judge: 5 due in 15 minutes, a stop shows "
        "after about 33 minutes",
        "• Pre-check-ins clicked: as usual, 97 in 30 minutes, usually 79",
        "• Pre-check-ins completed: as usual, 20 in 30 minutes, usually 36",
        "• Check-ins: as usual, 34 in 30 minutes, usually 31",
        "• Pre-check-ins: as usual, 117 in 30 minutes, usually 116",
        "• All four counters: as usual, 151 in 30 minutes, usually 149",
    ]
    watching.to("6:30am")
    assert watching.talk("!watch").splitlines()[0] == (
        "The watch looks from 7am to 8pm ET; what falls is told in the shift."
    )
    assert "• Check-ins completed: too early to judge" in watching.talk("!watch")


def test_on_a_day_off_nothing_is_looked_at(
    begin: Callable[[], Watching], datadog: DatadogStandIn, clock: MovedClock
) -> None:
    watching = begin()
    clock.to("2026-11-26 14:00")
    assert watching.watched(watching.look()) == []
    assert [one for one in datadog.asked if one["query"].count("sum:") > 1] == []
    assert watching.talk("!watch").splitlines()[0] == "Nobody is on shift today: nothing is told unasked."


def test_a_look_is_one_question(begin: Callable[[], Watching], datadog: DatadogStandIn) -> None:
    fill(datadog, CASES[11])
    watching = begin()
    watching.run("2:00pm", "2:00pm")
    datadog.asked.clear()
    watching.run("2:01pm", "2:04pm")
    assert len(datadog.asked) == 4


def test_without_keys_there_is_nothing_to_look_at(talk: Conversation) -> None:
    assert talk("!watch") == (
        "The watch has nothing to look at: no Datadog keys are configured. `!stats check` says which."
    )
