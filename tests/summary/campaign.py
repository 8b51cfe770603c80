"""A seeded evening of misfortunes around 8pm, and what must hold after every one of them."""

import os
import random
import re
import selectors
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.datadog.stage import BROKEN, DROP, FORBIDDEN, HANG, HTML, QUERY_ERROR, DatadogStandIn, RawPoint, rate_limited
from tests.datadog.stage import Fault as DatadogFault
from tests.forks import ForkServer
from tests.slack.stage import Fault, SlackApi, serving
from tests.summary.lives import Life, TrueClock, live

ROOT = Path(__file__).parents[2]
EASTERN = ZoneInfo("America/New_York")
EIGHT = datetime(2026, 11, 23, 20, tzinfo=EASTERN).timestamp()
MIDNIGHT = EIGHT + 4 * 3600
ON_TIME = 5  # seconds
PATIENCE = 120  # seconds in truth without a word of a desk, which says something when it ends
COUNTS = {
    "api_check_in_v2_sessions_show_count_success": 1765,
    "api_check_in_v2_checkins_create_count_success": 1121,
    "api_pre_check_in_v2_sessions_show_count_success": 6251,
    "api_check_in_v2_pre_checkins_create_count_success": 2602,
}
DATADOG_FAULTS = (BROKEN, DROP, FORBIDDEN, HANG, HTML, QUERY_ERROR, rate_limited(30))
GIVEN_UP = re.compile(r"\*not posted\*|\*not known\*")  # by what people hear that there may be no post
GO_LIVE, ALICE = "C02UP02HHGX", "DU0ALICE"
ROTATION = {'[people.first]\nid = ""\nname = "First Engineer"': '[people.first]\nid = "U0ALICE"\nname = "Alice"'}


@dataclass(frozen=True)
class Trouble:
    """What Slack does to calls between two moments of the true clock."""

    since: float
    until: float
    fault: Fault
    methods: tuple[str, ...]


@dataclass(frozen=True)
class Silence:
    """What Datadog answers about a metric ("" for all) between two moments of the true clock."""

    since: float
    until: float
    fault: DatadogFault
    metric: str


@dataclass(frozen=True)
class Evening:
    """A whole run: the lives of the desk one after another, and Slack's and Datadog's troubles meanwhile."""

    lives: tuple[Life, ...]
    troubles: tuple[Trouble, ...]
    silence: Silence | None = None
    second_desk: bool = False


@dataclass(frozen=True)
class Outcome:
    """What the room and Alice's messages show afterwards, and which incidents were acknowledged in which life."""

    posts: tuple[dict[str, Any], ...]
    told: tuple[str, ...]
    acknowledged: frozenset[str]
    second_refused: bool
    ended: bool


def evening(seed: int) -> Evening:
    """The evening that belongs to `seed`."""
    chance = random.Random(seed)
    start = EIGHT - chance.choice((300, 60, 61, 5))
    lives = list(_lives(chance, start))
    troubles = tuple(_trouble(chance) for _ in range(chance.choice((0, 0, 1, 1, 2))))
    troubles += tuple(_hanging(random.Random(f"{seed} hangs")))  # of its own: what it draws changes no other seed
    silence = _silence(chance) if chance.random() < 0.4 else None
    known = Life(EIGHT - 3600, EIGHT - 3598)  # the desk has run before: what is due counts from its first start on
    return Evening((known, *lives), troubles, silence, second_desk=chance.random() < 0.1)


def _lives(chance: random.Random, start: float) -> Iterator[Life]:
    end = EIGHT + 2700
    opens = tuple(sorted(start + chance.random() * 400 for _ in range(chance.randint(0, 4))))
    resolves = tuple(EIGHT + chance.random() * 600 for _ in range(chance.randint(0, 2)))
    skews = _skews(chance)
    for _ in range(chance.choice((0, 1, 1, 2, 3))):
        armed_at, kill_at = chance.choice(((EIGHT, chance.randint(0, 24)), (start, chance.randint(0, 90))))
        yield Life(start, end, skews, kill_at, armed_at, opens, resolves)
        start = max(start, EIGHT - 60) + chance.choice((0, 1, 1, 2, 30, 61, 120, 600, 1900, 4 * 3600 + 400))
        opens = tuple(at for at in opens if at > start)
        resolves = tuple(at for at in resolves if at > start)
    yield Life(start, max(end, start + 900), skews, opens=opens, resolves=resolves)


def _skews(chance: random.Random) -> tuple[tuple[float, float], ...]:
    if chance.random() < 0.75:
        return ()
    first = EIGHT - chance.choice((30, 2, 0)) + chance.choice((0, 3, 40))
    back = chance.choice((-600, -90, -5, 5, 90, 600))
    return ((first, back), (first + chance.choice((10, 120)), 0.0))


def _trouble(chance: random.Random) -> Trouble:
    since = EIGHT - chance.choice((60, 1, 0)) + chance.choice((0, 0, 1, 30))
    methods = chance.choice(
        (
            ("chat.postMessage",),
            ("conversations.history",),
            ("chat.postMessage", "conversations.history", "conversations.open"),
            ("chat.update",),
        )
    )
    lasts = chance.choice((1, 4, 30, 120, 1500, 1900))
    return Trouble(since, since + lasts, chance.choice([one for one in Fault if one is not Fault.HANG]), methods)


def _hanging(chance: random.Random) -> Iterator[Trouble]:
    """That Slack does not answer at 8pm, but takes messages to rooms."""
    if chance.random() < 0.15:
        since = EIGHT - chance.choice((70, 60, 30, 5, 1, 0))
        methods = ("conversations.history", *chance.choice(((), ("conversations.open",))))
        yield Trouble(since, since + chance.choice((12, 40)), Fault.HANG, methods)


def _silence(chance: random.Random) -> Silence:
    since = EIGHT - chance.choice((300, 1))
    metric = chance.choice(("", "", f"vets_api.statsd.{chance.choice(list(COUNTS))}"))
    return Silence(since, since + chance.choice((5, 302, 900, 9000)), chance.choice(DATADOG_FAULTS), metric)


class Troubled(DatadogStandIn):
    """A Datadog that has counted a day, and falls silent in its time."""

    def __init__(self, silence: Silence | None, true: TrueClock) -> None:
        super().__init__()
        self.silence, self.true = silence, true
        for metric, number in COUNTS.items():
            self.add(f"vets_api.statsd.{metric}", RawPoint(EIGHT - 3 * 3600, number - 1), RawPoint(EIGHT - 7200, 1))

    def fault(self, metric: str) -> DatadogFault | None:
        silence = self.silence
        if silence and silence.since <= self.true.value < silence.until and silence.metric in ("", metric):
            return silence.fault
        return None


class Stage:
    """Where desks live one after another: each is forked from a process that has imported the library already."""

    def __init__(self, forks: ForkServer) -> None:
        self.forks = forks

    def play(self, evening: Evening) -> Outcome:
        """Runs the evening and tells how it ended."""
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="campaign-")))
            true = TrueClock(folder / "clock", evening.lives[0].start)
            api = SlackApi(fault=lambda method: _met(evening.troubles, true.value, method), now=lambda: true.value)
            stack.enter_context(serving(api))
            datadog = stack.enter_context(Troubled(evening.silence, true))
            return self._play(evening, _environment(folder) | datadog.environment, api, true)

    def _play(self, evening: Evening, environment: dict[str, str], api: SlackApi, true: TrueClock) -> Outcome:
        heard: list[str] = []
        refused = False
        for number, life in enumerate(evening.lives):
            life = replace(life, start=max(life.start, true.value))
            heard += self._hear(life, environment, api, true)
            if evening.second_desk and number + 1 == len(evening.lives):
                refused = self._second_is_refused(life, environment, api, true)
        return Outcome(
            posts=tuple(m for m in api.shown(GO_LIVE) if _key(m).startswith("summary:")),
            told=tuple(m["text"] for m in api.shown(ALICE)),
            acknowledged=frozenset(word for word in heard if word.startswith("#")),
            second_refused=refused or not evening.second_desk,
            ended="ended" in heard,
        )

    def _hear(self, life: Life, environment: dict[str, str], api: SlackApi, true: TrueClock) -> list[str]:
        """Everything a desk said until its end; one that hangs is ended and has not said that it ended."""
        said = b""
        work = partial(live, life, environment, api.url, true.path)
        with self.forks.forked(work) as (_, pipe), selectors.DefaultSelector() as waiting:
            waiting.register(pipe, selectors.EVENT_READ)
            while waiting.select(PATIENCE) and (more := os.read(pipe, 65536)):
                said += more
        return said.decode().splitlines()

    def _second_is_refused(self, life: Life, environment: dict[str, str], api: SlackApi, true: TrueClock) -> bool:
        """Two desks at once on the same folder: the second says so and does nothing."""
        from opsdesk.store import open_store  # here: the first desk of this evening is this process

        held = open_store(Path(environment["DESK_STATE_DIR"]))
        try:
            return "refused" in self._hear(replace(life, kill_at=None), environment, api, true)
        finally:
            held.close()


def faults_of(evening: Evening, outcome: Outcome) -> list[str]:
    """Everything that is wrong with how an evening ended; empty if nothing is."""
    wrong = []
    if not outcome.ended:
        wrong.append("the last desk did not live to its end")
    if not outcome.second_refused:
        wrong.append("a second desk ran on the same folder")
    if len(outcome.posts) > 1:
        wrong.append(f"{len(outcome.posts)} posts stand in the channel")
    if not outcome.posts and not any(GIVEN_UP.search(text) for text in outcome.told):
        wrong.append("there is no post, and nobody was told")
    if outcome.posts:
        wrong += _wrong_in(outcome.posts[0]["text"], outcome)
    if _must_be_on_time(evening) and not (outcome.posts and float(outcome.posts[0]["ts"]) <= EIGHT + ON_TIME):
        wrong.append("the post is late")
    return wrong


def _must_be_on_time(evening: Evening) -> bool:
    """Whether a desk is up at 8pm, its clock is right, and Slack takes messages, whatever else it does."""
    first, *others = evening.lives[1:]
    refused = (
        one.since <= EIGHT + ON_TIME and one.until > EIGHT
        for one in evening.troubles
        if "chat.postMessage" in one.methods
    )
    return not others and not first.skews and not any(refused)


def _wrong_in(text: str, outcome: Outcome) -> Iterator[str]:
    missing = [number for number in outcome.acknowledged if number not in text]
    if missing:
        yield f"the post lacks {', '.join(sorted(missing))}"
    numbers = re.findall(r"(?m)^(?:Pre-check|Check)-ins \w+: (\d+)$", text)
    if set(map(int, numbers)) - set(COUNTS.values()):
        yield f"the post has invented numbers: {numbers}"
    if not numbers and "Counts unavailable: " not in text and "Datadog" not in text:
        yield "the post says nothing of the counts"


def _met(troubles: tuple[Trouble, ...], at: float, method: str) -> Fault | None:
    met = (trouble.fault for trouble in troubles if trouble.since <= at < trouble.until and method in trouble.methods)
    return next(met, None)


def _environment(folder: Path) -> dict[str, str]:
    shutil.copytree(ROOT / "data", folder / "data", ignore=shutil.ignore_patterns("state"))
    rotation = folder / "data" / "rotation.toml"
    text = rotation.read_text()
    for shipped, ours in ROTATION.items():
        assert shipped in text, "the shipped rotation has changed"
        text = text.replace(shipped, ours)
    rotation.write_text(text)
    return {
        "DESK_STATE_DIR": str(folder / "state"),
        "DESK_DATA_DIR": str(folder / "data"),
        "DESK_ADMINS": "U0ALICE",
    }


def _key(message: dict[str, Any]) -> str:
    return str(((message.get("metadata") or {}).get("event_payload") or {}).get("key", ""))
