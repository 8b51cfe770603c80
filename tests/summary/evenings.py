"""Seeded evenings of misfortunes around 8pm: what is drawn by chance, whatever it comes to."""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.datadog.stage import BROKEN, DROP, FORBIDDEN, HANG, HTML, QUERY_ERROR, rate_limited
from tests.datadog.stage import Fault as DatadogFault
from tests.slack.stage import Fault
from tests.summary.lives import Life

EASTERN = ZoneInfo("America/New_York")
EIGHT = datetime(2026, 11, 23, 20, tzinfo=EASTERN).timestamp()
DAY = 24 * 3600.0
MIDNIGHT = EIGHT + 4 * 3600
COUNTS = {
    "api_check_in_v2_sessions_show_count_success": 1765,
    "api_check_in_v2_checkins_create_count_success": 1121,
    "api_pre_check_in_v2_sessions_show_count_success": 6251,
    "api_check_in_v2_pre_checkins_create_count_success": 2602,
}
DATADOG_FAULTS = (BROKEN, DROP, FORBIDDEN, HANG, HTML, QUERY_ERROR, rate_limited(30))
PASSING = (
    Fault.BUSY, Fault.BROKEN, Fault.NOT_SLACK, Fault.GONE, Fault.CLOSED, Fault.CUT_BEFORE, Fault.CUT_AFTER, Fault.NO_TS
)  # fmt: skip
GO_LIVE, ALICE = "C02UP02HHGX", "DU0ALICE"
KNOWN = Life(EIGHT - 3600, EIGHT - 3598)  # the desk has run before: what is due counts from its first start on


@dataclass
class Trouble:
    """What Slack does to calls between two moments of the true clock: `times` of them, in `room` or anywhere."""

    since: float
    until: float
    fault: Fault
    methods: tuple[str, ...] = ()
    room: str = ""
    times: int = 1_000_000

    def meets(self, at: float, method: str, asked: dict[str, Any]) -> bool:
        """Whether this call meets it."""
        if not self.since <= at < self.until or self.room not in ("", asked.get("channel")):
            return False
        if (self.methods and method not in self.methods) or not self.times:
            return False
        self.times -= 1
        return True


@dataclass(frozen=True)
class Silence:
    """What Datadog answers about a metric ("" for all) between two moments of the true clock."""

    since: float
    until: float
    fault: DatadogFault
    metric: str


@dataclass(frozen=True)
class Outcome:
    """What the room, other rooms, Alice's messages and those of incidents show afterwards; what was acknowledged.

    `admins` is what all admins were told beside, `edits` every text that a summary was changed to.
    """

    posts: tuple[dict[str, Any], ...]
    elsewhere: tuple[dict[str, Any], ...]
    told: tuple[dict[str, Any], ...]
    admins: tuple[str, ...]
    cards: tuple[str, ...]
    edits: tuple[str, ...]
    met: tuple[Fault, ...]
    acknowledged: frozenset[str]
    second_refused: bool
    ended: bool

    @property
    def text(self) -> str:
        """All that the summaries say."""
        return "\n".join(post["text"] for post in self.posts)

    def told_of(self, words: str) -> list[dict[str, Any]]:
        """What Alice was told in these words."""
        return [one for one in self.told if words in one["text"]]


def nothing(outcome: Outcome) -> Iterable[str]:
    """Nothing beyond what must hold after every evening."""
    return ()


@dataclass(frozen=True)
class Evening:
    """A whole run: the lives of the desk one after another, and Slack's and Datadog's troubles meanwhile.

    Before the life with the number `put_back` the state is as it was after the first; before that of `lost` there is
    none. Somebody deletes what was posted with a key that begins with the second of `deletes` at the first, and
    replaces its text with the third of `rewrites`. `wrong` tells what else must not be, `eight` is when the post is
    due, and `within` is how late it may be, in seconds. `either`: the post may stand in another channel.
    """

    lives: tuple[Life, ...]
    troubles: tuple[Trouble, ...] = ()
    silence: Silence | None = None
    second_desk: bool = False
    name: str = "by chance"
    put_back: int = -1
    lost: int = -1
    deletes: tuple[float, str] | None = None
    rewrites: tuple[float, str, str] | None = None
    eight: float = EIGHT
    either: bool = False
    within: float | None = None
    wrong: Callable[[Outcome], Iterable[str]] = field(default=nothing)


def by_chance(seed: int) -> Evening:
    """The evening that belongs to `seed`."""
    chance = random.Random(seed)
    start = EIGHT - chance.choice((300, 60, 61, 5))
    lives = list(_lives(chance, start))
    troubles = tuple(_trouble(chance) for _ in range(chance.choice((0, 0, 1, 1, 2))))
    troubles += tuple(_hanging(random.Random(f"{seed} hangs")))  # of its own: what it draws changes no other seed
    silence = _silence(chance) if chance.random() < 0.4 else None
    return Evening((KNOWN, *lives), troubles, silence, second_desk=chance.random() < 0.1)


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
    return Trouble(since, since + lasts, chance.choice(PASSING), methods)


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
