"""A crowd that types at several desks: each the next thing once the last is done, or again what was cut short."""

import itertools
import math
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import psycopg

from opsdesk.incidents.incident import Incident
from tests.e2e.harness import GENERAL, GO_LIVE, ROOT, DeskProcess, Workspace
from tests.patience import LONG, until
from tests.postgres import server

PEOPLE, THREADS = 20, 6
APART = 0.7  # seconds between two commands of a person: no flood
LOOK = 0.1  # seconds between two looks at what is done
CUT_SHORT = re.compile(r"The desk was stopped while it did \W+!incident note step (\d+)\W")


@dataclass
class Typed:
    """A step that somebody typed in an incident's thread, and when."""

    step: int
    who: str
    incident: int
    at: float
    ts: str


@dataclass
class Crowd:
    """Notes steps in the threads of incidents that stand in the database at `url`."""

    slack: Workspace
    url: str
    threads: list[tuple[str, str]] = field(default_factory=list)  # room and ts, by incident
    typed: dict[int, Typed] = field(default_factory=dict)  # each step as it was typed last
    cut_short: list[int] = field(default_factory=list)  # steps that the desk said it was stopped over
    stored: dict[int, list[int]] = field(default_factory=dict)  # the steps of each incident, in order
    told: int = 0  # how many steps the desk ever said so of
    _calls: int = 0

    def open(self) -> None:
        """Has the incidents opened in whose threads the steps are noted, in two rooms by turns."""
        for number, room in enumerate(itertools.islice(itertools.cycle((GENERAL, GO_LIVE)), THREADS), 1):
            self.slack.say("alice", f"!incident open Problem {number}", room)
            until(lambda room=room, number=number: self._card(room, number), "a card")
            self.threads.append((room, self._card(room, number)))

    def type(self, steps: int, meanwhile: Callable[[], None] = lambda: None) -> float:
        """Types so many steps, all at the same time, and returns how many seconds that took."""
        begun, waits_for, free_at = time.monotonic(), dict[str, int](), dict[str, float]()
        new = iter(range(len(self.typed) + 1, len(self.typed) + steps + 1))
        with psycopg.connect(self.url, autocommit=True) as connection:
            while not self._is_over(connection, begun, steps):
                meanwhile()
                done = self._done()
                for who in (f"typist{number}" for number in range(PEOPLE)):
                    if waits_for.get(who) in done:
                        del waits_for[who]
                    if time.monotonic() >= free_at.get(who, 0):
                        step = self._next(who, waits_for, new)
                        free_at[who] = time.monotonic() + APART
                        if step:
                            waits_for[who] = step
                            self._say(step, who)
                time.sleep(LOOK)
        return time.monotonic() - begun

    def out_of_order(self) -> list[tuple[int, int]]:
        """Steps that stand behind one of the same thread that was typed after they had been acknowledged."""
        wrong = []
        for steps in self.stored.values():
            latest = None
            for step in steps:
                if latest and self._taken_at(step) < self.typed[latest].at:
                    wrong.append((step, latest))
                if latest is None or self.typed[step].at > self.typed[latest].at:
                    latest = step
        return wrong

    def answers(self) -> int:
        """How often it was said that something is noted."""
        return len([call for call in self.slack.front.made("chat.postMessage") if "noted." in str(call.arguments)])

    def is_answered(self) -> bool:
        """Whether everybody heard what became of each step: that it is noted, or that the desk was stopped over it."""
        self._hear()
        return self.answers() + self.told >= len(self.typed)

    def _next(self, who: str, waits_for: dict[str, int], new: Iterator[int]) -> int | None:
        """What a person types next: a step that was cut short once more, nothing while one is on its way."""
        waited = waits_for.get(who)
        if waited is None:
            return next(new, None)
        if waited in self.cut_short:
            self.cut_short.remove(waited)
            return waited
        return None

    def _say(self, step: int, who: str) -> None:
        incident = step % len(self.threads) + 1
        room, thread = self.threads[incident - 1]
        at = time.monotonic()
        self.typed[step] = Typed(
            step, who, incident, at, self.slack.say(who, f"!incident note step {step}", room, thread)
        )

    def _is_over(self, connection: psycopg.Connection, begun: float, steps: int) -> bool:
        """Looks at what is stored by now, and what was cut short; returns whether all steps are stored."""
        self._hear()
        query = "select number, record::text from desk_numbered where tbl = 'incidents'"
        for number, text in connection.execute(query).fetchall():
            entries = msgspec.json.decode(text, type=Incident).entries
            self.stored[number] = [
                int(one.text.removeprefix("step ")) for one in entries if one.text.startswith("step ")
            ]
        if time.monotonic() > begun + LONG + steps * APART:
            raise AssertionError(f"lost: {sorted(set(self.typed) - self._done())}")
        return sum(map(len, self.stored.values())) >= len(self.typed) >= steps

    def _taken_at(self, step: int) -> float:
        """When a step was acknowledged; never, where the desk was killed before."""
        return self.slack.front.taken_at.get(self.typed[step].ts, math.inf)

    def _done(self) -> set[int]:
        return {step for steps in self.stored.values() for step in steps}

    def _hear(self) -> None:
        for call in self.slack.front.calls[self._calls :]:
            cut_short = CUT_SHORT.findall(str(call.arguments.get("text")))
            self.cut_short += map(int, cut_short)
            self.told += len(cut_short)
            self._calls += 1

    def _card(self, room: str, number: int) -> str:
        cards = (one for one in self.slack.desk_messages(room) if f"#{number} Problem {number}" in one["text"])
        return str(next(cards, {}).get("ts", ""))


@dataclass
class Killer:
    """Kills one of the desks every so many seconds, in turns, once the one before is back, and `most` times."""

    desks: list[DeskProcess]
    every: float
    most: int
    kills: int = 0
    _last: float = field(default_factory=time.monotonic)

    def __call__(self) -> None:
        back = self.desks[(self.kills - 1) % len(self.desks)]
        if self.kills == self.most or time.monotonic() < self._last + self.every or not back.is_ready():
            return
        self._last = time.monotonic()
        desk = self.desks[self.kills % len(self.desks)]
        self.kills += 1
        desk.kill()
        desk.start(ready=False)


@contextmanager
def desks(slack: Workspace, folder: Path, many: int) -> Iterator[tuple[str, list[DeskProcess]]]:
    """So many desks on a database of their own, and where that is."""
    url = server().schema()
    with ExitStack() as stack:
        folders = [folder / str(number) for number in range(many)]
        for one in folders:
            one.mkdir(parents=True)
        made = [DeskProcess(slack, one, config=ROOT / "config.py", DESK_DATABASE_URL=url) for one in folders]
        for desk in made:
            desk.environment.pop("DESK_WEB")
            desk.start(ready=False)
            stack.callback(desk.kill)
        try:
            until(lambda: all(desk.is_ready() for desk in made), "the desks")
            yield url, made
        except BaseException:
            for desk in made:
                sys.stderr.write(desk.log)
            raise


def typed_at(folder: Path, many: int, steps: int, every: float = 0, kills: int = 0) -> float:
    """Has so many steps typed at so many desks, one of them killed each `every` seconds; returns how long it took.

    Nothing is lost or doubled, and each thread keeps its order.
    """
    with Workspace(crowd=PEOPLE) as slack, desks(slack, folder, many) as (url, made):
        crowd, killer = Crowd(slack, url), Killer(made, every, kills)
        crowd.open()
        slack.front.to_any = True
        took = crowd.type(steps, killer)
        assert bool(killer.kills) == bool(kills)
        assert sorted(step for steps_of in crowd.stored.values() for step in steps_of) == list(range(1, steps + 1))
        assert crowd.out_of_order() == []
        until(crowd.is_answered, "the answers", every=LOOK)
        assert crowd.answers() <= steps
        return took
