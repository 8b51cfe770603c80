"""Whoever types at the same time, in whichever thread: what is typed of one thing is done in that order."""

from pathlib import Path

import pytest

from opsdesk.incidents.log import IncidentLog
from opsdesk.store import open_store
from tests.e2e.harness import DeskProcess, Workspace, until
from tests.oncall.stage import EASTERN

PEOPLE, MESSAGES, THREADS = 5, 150, 3  # of two commands each


@pytest.fixture
def slack():
    with Workspace(crowd=PEOPLE) as workspace:
        yield workspace


def steps(state: Path, number: int) -> list[str]:
    """What the timeline of an incident says behind its opening, in order."""
    store = open_store(state)
    entries = IncidentLog(store, EASTERN).get(number).entries[1:]
    store.close()
    return [entry.text for entry in entries]


def test_three_hundred_commands_of_five_people_in_three_threads_are_done_in_order(slack, tmp_path):
    with DeskProcess(slack, tmp_path) as desk:
        for number in range(THREADS):
            slack.say("alice", f"!incident open Problem {number + 1}")
        until(lambda: len(slack.desk_messages()) == THREADS, "the cards")
        cards = {one["text"].split()[1]: one["ts"] for one in slack.desk_messages()}
        titles = [one["text"].splitlines()[0] for one in slack.desk_messages()]
        assert titles == [f"🔴 #{number + 1} Problem {number + 1}" for number in range(THREADS)]
        threads = [cards[f"#{number + 1}"] for number in range(THREADS)]
        for number in range(MESSAGES):
            text = f"!incident note step {number} first\n!incident note step {number} second"
            slack.say(f"typist{number % PEOPLE}", text, thread=threads[number % THREADS])
        noted = lambda: [one for one in slack.desk_messages() if "noted." in one["text"]]  # noqa: E731
        until(lambda: len(noted()) == 2 * MESSAGES, "300 answers")
        assert desk.stop() == 0
    for thread in range(THREADS):
        told = [
            f"step {number} {which}" for number in range(thread, MESSAGES, THREADS) for which in ("first", "second")
        ]
        assert steps(desk.state, thread + 1) == told
