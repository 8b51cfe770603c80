"""Plays evenings of misfortunes, and tells what must hold after every one of them."""

import os
import random
import re
import selectors
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from tests.datadog.stage import DatadogStandIn, RawPoint
from tests.datadog.stage import Fault as DatadogFault
from tests.forks import ForkServer
from tests.slack.stage import Fault, SlackApi, serving
from tests.summary.evenings import ALICE, COUNTS, DAY, GO_LIVE, Evening, Outcome, Silence, Trouble, by_chance
from tests.summary.fates import TrueClock
from tests.summary.kinds import KINDS
from tests.summary.lives import CARDS, Life, live

ROOT = Path(__file__).parents[2]
ROUND = 60  # evenings, of which each kind is one: as many as `make test` plays
ON_TIME = 3  # seconds
PATIENCE = 120  # seconds in truth without a word of a desk, which says something when it ends
# By what people hear that there may be no post.
HEARD = re.compile(r"\*not posted\*|\*not known\*|was deleted from the channel|type `!summary post`")
ROTATION = {'[people.first]\nid = ""\nname = "First Engineer"': '[people.first]\nid = "U0ALICE"\nname = "Alice"'}


def evening(seed: int) -> Evening:
    """The evening that belongs to `seed`: of each round the first are one of each kind, the others by chance."""
    number = seed % ROUND
    return KINDS[number](random.Random(seed)) if number < len(KINDS) else by_chance(seed)


class Troubled(DatadogStandIn):
    """A Datadog that has counted a day, and falls silent in its time."""

    def __init__(self, silence: Silence | None, true: TrueClock, first: float) -> None:
        super().__init__()
        self.silence, self.true = silence, true
        for metric, number in COUNTS.items():
            for eight in (first, first + DAY, first + 2 * DAY, first + 3 * DAY):
                counted = RawPoint(eight - 3 * 3600, number - 1), RawPoint(eight - 7200, 1)
                self.add(f"vets_api.statsd.{metric}", *counted)

    def fault(self, metric: str) -> DatadogFault | None:
        silence = self.silence
        if silence and silence.since <= self.true.value < silence.until and silence.metric in ("", metric):
            return silence.fault
        return None


@dataclass
class Channels(SlackApi):
    """A Slack with the troubles of an evening. It notes what met them, and how long the desk worked until a post."""

    true: TrueClock | None = None
    troubles: tuple[Trouble, ...] = ()
    deletes: tuple[float, str] | None = None
    rewrites: tuple[float, str, str] | None = None
    met: list[Fault] = field(default_factory=list)
    edits: list[str] = field(default_factory=list)

    def trouble(self, method: str, asked: dict[str, Any]) -> Fault | None:
        """What a call meets."""
        found = next((one for one in self.troubles if one.meets(self.now(), method, asked)), None)
        if found:
            self.met.append(found.fault)
        return found.fault if found else None

    def do(self, method: str, asked: dict[str, Any]) -> dict[str, Any]:
        if self.deletes and self.now() >= self.deletes[0]:
            begin, self.deletes = self.deletes[1], None
            self.messages = [one for one in self.messages if not _key(one).startswith(begin)]
        if self.rewrites and self.now() >= self.rewrites[0]:
            (_, begin, text), self.rewrites = self.rewrites, None
            for one in self.messages:
                one["text"] = text if _key(one).startswith(begin) else one["text"]
        worked = self.true.worked if self.true else 0
        answer = super().do(method, asked)
        if method == "chat.postMessage":
            self.messages[-1]["worked"] = worked
        elif method == "chat.update" and _key(asked).startswith("summary:"):
            self.edits.append(asked["text"])
        return answer


class Stage:
    """Where desks live one after another: each is forked from a process that has imported the library already."""

    def __init__(self, forks: ForkServer) -> None:
        self.forks = forks

    def play(self, evening: Evening) -> Outcome:
        """Runs the evening and tells how it ended."""
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="campaign-")))
            true = TrueClock(folder / "clock", evening.lives[0].start)
            api = Channels(true=true, troubles=evening.troubles, now=lambda: true.value)
            api.deletes, api.rewrites = evening.deletes, evening.rewrites
            api.fault_in = api.trouble
            stack.enter_context(serving(api))
            datadog = stack.enter_context(Troubled(evening.silence, true, evening.eight))
            return self._play(evening, _environment(folder) | datadog.environment, api, true)

    def _play(self, evening: Evening, environment: dict[str, str], api: Channels, true: TrueClock) -> Outcome:
        heard: list[str] = []
        refused = False
        state = Path(environment["DESK_STATE_DIR"])
        for number, life in enumerate(evening.lives):
            _put_state(state, evening, number)
            life = replace(life, start=max(life.start, true.value))
            heard += self._hear(life, environment, api, true)
            if evening.second_desk and number + 1 == len(evening.lives):
                refused = self._second_is_refused(life, environment, api, true)
        return Outcome(
            posts=tuple(m for m in api.shown(GO_LIVE) if _key(m).startswith("summary:")),
            elsewhere=tuple(m for m in api.messages if m["channel"] != GO_LIVE and _key(m).startswith("summary:")),
            told=tuple(api.shown(ALICE)),
            admins=tuple(word for word in heard if word.startswith("admins: ")),
            cards=tuple(m["text"] for m in api.shown(CARDS)),
            edits=tuple(api.edits),
            met=tuple(api.met),
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


def _put_state(state: Path, evening: Evening, number: int) -> None:
    """Keeps the state after the first life; puts it back or loses it before the life that this is to happen to."""
    kept = state.with_name("kept")
    if number == 1 and evening.put_back > 0:
        shutil.copytree(state, kept)
    if number in (evening.put_back, evening.lost):
        shutil.rmtree(state)
    if number == evening.put_back:
        shutil.copytree(kept, state)


def faults_of(evening: Evening, outcome: Outcome) -> list[str]:
    """Everything that is wrong with how an evening ended; empty if nothing is."""
    wrong = list(evening.wrong(outcome))
    if not outcome.ended:
        wrong.append("the last desk did not live to its end")
    if not outcome.second_refused:
        wrong.append("a second desk ran on the same folder")
    if outcome.elsewhere and not evening.either:
        wrong.append("a post stands in another channel")
    if any(len(posts) > 1 and not _is_told(posts, outcome) for posts in _by_day(outcome)):
        wrong.append("several posts of a day stand in the channel, and nobody was told")
    if not outcome.posts and not outcome.elsewhere and not any(HEARD.search(one["text"]) for one in outcome.told):
        wrong.append("there is no post, and nobody was told")
    if outcome.posts:
        wrong += _wrong_in(outcome)
    if outcome.posts or evening.within is not None:
        wrong += _late(evening, outcome)
    return wrong


def _late(evening: Evening, outcome: Outcome) -> Iterator[str]:
    within = ON_TIME if is_untroubled(evening) else evening.within
    late = float(outcome.posts[0]["ts"]) - evening.eight if outcome.posts else None
    if within is not None and (late is None or late > within):
        yield f"the post is late: {late} seconds, and not {within}"


def _by_day(outcome: Outcome) -> list[list[dict[str, Any]]]:
    return [[one for one in outcome.posts if _key(one) == key] for key in sorted(map(_key, outcome.posts))]


def _is_told(posts: list[dict[str, Any]], outcome: Outcome) -> bool:
    links = [f"p{post['ts'].replace('.', '')}" for post in posts]
    return any(all(link in one["text"] for link in links) for one in outcome.told_of("stands twice"))


def is_untroubled(evening: Evening) -> bool:
    """Whether a desk is up at 8pm, its clock is right, and Slack takes messages, whatever else it does."""
    first, *others = evening.lives[1:]
    refused = (
        one.since <= evening.eight + ON_TIME and one.until > evening.eight
        for one in evening.troubles
        if not one.methods or "chat.postMessage" in one.methods
    )
    is_up = first.end > evening.eight and first.stopped[1] < evening.eight and (first.kill_at is None or not others)
    return is_up and not first.skews and not any(refused) and first.second_from is None


def lateness(evening: Evening, outcome: Outcome) -> tuple[str, float] | None:
    """Of which kind of evening the first post was, and how late; None for evenings in which it had to be late."""
    if not outcome.posts:
        return None
    sent, worked = float(outcome.posts[0]["ts"]), outcome.posts[0]["worked"]
    if evening.name == "one quick failure":
        return "after one quick failure", sent - evening.eight + worked
    if is_untroubled(evening):
        return "desk and Slack up", sent - evening.eight + worked
    begun = max((life.start for life in evening.lives if life.start <= sent), default=evening.eight)
    is_killed = any(life.kill_at is not None and life.start < begun for life in evening.lives)
    if evening.troubles or not is_killed or any(life.skews for life in evening.lives) or begun > evening.eight + 3600:
        return None
    return "after a kill", sent - max(begun, evening.eight) + worked


def _wrong_in(outcome: Outcome) -> Iterator[str]:
    text = outcome.text
    missing = [incident for incident in outcome.acknowledged if incident not in text]
    if missing:
        yield f"the post lacks {', '.join(sorted(missing))}"
    numbers = re.findall(r"(?m)^(?:Pre-check|Check)-ins \w+: (\d+)$", text)
    if set(map(int, numbers)) - set(COUNTS.values()):
        yield f"the post has invented numbers: {numbers}"
    if not numbers and "Counts unavailable: " not in text and "Datadog" not in text:
        yield "the post says nothing of the counts"


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
