"""One life of the desk in a process of its own: from a start to an end, or to a SIGKILL in the middle of a step."""

import os
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from slack_sdk.web import base_client

from opsdesk import process as desks
from opsdesk import settings
from opsdesk.chat.chat import Person, Place
from opsdesk.chat.outbox import Job
from opsdesk.counts import wing
from opsdesk.datadog.client import Datadog
from opsdesk.desk import Desk
from opsdesk.errors import SettingsError, UserError
from opsdesk.incidents.rules import Change
from opsdesk.slack.api import SlackWeb
from opsdesk.slack.chat import SlackChat
from tests.slack.stage import UNANSWERED
from tests.summary.fates import Clock, Hangs, Steps, TrueClock

ALICE, CARDS = Person("U0ALICE", "Alice"), "C0CARDS"
Tell = Callable[[str], object]
Todo = tuple[float, Callable[[Desk, Tell], None]]


@dataclass(frozen=True)
class Life:
    """What one process goes through. Moments are seconds of the true clock.

    The desk's own clock is `skews` off: from a moment on, by so many seconds. `kill_at` is the step, counted from
    `armed_at` on over writes to disk and calls to Slack, before which the process is killed; None lets it live.
    `opens`, `updates` and `resolves` are the moments at which incidents are opened, and the oldest one is updated or
    resolved. `full` is from when to when the disk takes nothing, `stopped` from when to when the process is stopped.
    From `second_from` on a second desk with a state of its own, which has run before, does what this one does, by a
    clock that is `second_skew` off. With `cards` a message shows each incident. `by_hand` is when somebody types
    `!summary post`, and `edits` are changes of the team's files: when, of which file, what, into what.
    """

    start: float
    end: float
    skews: tuple[tuple[float, float], ...] = ()
    kill_at: int | None = None
    armed_at: float = 0
    opens: tuple[float, ...] = ()
    resolves: tuple[float, ...] = ()
    updates: tuple[float, ...] = ()
    full: tuple[float, float] = (0, 0)
    stopped: tuple[float, float] = (0, 0)
    second_from: float | None = None
    second_skew: float = 0
    cards: bool = False
    by_hand: tuple[float, ...] = ()
    edits: tuple[tuple[float, str, str, str], ...] = ()


def live(life: Life, environment: dict[str, str], slack_url: str, clock_file: Path, pipe: int) -> None:
    """Runs the desk through `life`; the pipe is told what was acknowledged ("#3 "), and whether it may run at all."""
    true = TrueClock(clock_file)
    true.value = life.start
    clock = Clock(true, life.skews)

    def told(words: str) -> None:
        os.write(pipe, f"{words}\n".encode())

    wing.Datadog = partial(Datadog, pause=lambda seconds: None, timeout=0.3)  # type: ignore[misc,assignment]
    web = SlackWeb("xoxb-stand-in", base_url=slack_url, now=clock)
    base_client.urlopen = answered  # type: ignore[assignment]
    chat = SlackChat(web, tell_admins=lambda text: told(f"admins: {' '.join(text.split())}"))
    try:
        desk = desks.start_desk(settings.read(environment), chat, clock)
    except SettingsError:
        told("refused")
        return
    steps = Steps(life.kill_at, life.armed_at, true, life.full)
    folder = Path(environment["DESK_DATA_DIR"])
    os.replace, os.fsync = steps.on_disk(os.replace), steps.on_disk(os.fsync)
    hangs = Hangs(true)
    SlackWeb.api_call = steps.before(hangs.taking_time(SlackWeb.api_call))  # type: ignore[method-assign]
    if life.second_from is None:
        _run(life, desk, hangs, _todo(life, folder), told)
    else:
        second = partial(_second_desk, environment, chat, true)
        second(life.second_skew - 3600).close()  # it has run before
        _run_two(life, desk, second, true, _todo(life, folder), told)
    desk.close()
    told("ended")


def _second_desk(environment: dict[str, str], chat: SlackChat, true: TrueClock, skew: float) -> Desk:
    other = environment | {"DESK_STATE_DIR": environment["DESK_STATE_DIR"] + "-second"}
    return desks.start_desk(settings.read(other), chat, Clock(true, ((0, skew),)))


def answered(*asked: Any, **named: Any) -> Any:
    """What urlopen returns; where the stand-in says that it would not answer, nobody waits until the time is up."""
    try:
        return urllib.request.urlopen(*asked, **named)
    except urllib.error.HTTPError as failed:
        if failed.code == UNANSWERED:
            raise TimeoutError("timed out") from None
        raise


def _run(life: Life, desk: Desk, hangs: Hangs, todo: list[Todo], told: Tell) -> None:
    true = hangs.true
    while true.value <= life.end:
        if life.stopped[0] <= true.value < life.stopped[1]:
            true.value = life.stopped[1]
        while todo and todo[0][0] <= true.value:
            todo.pop(0)[1](desk, told)
        with hangs.counted(), true.working():
            desk.ticker.tick_summary()
        desk.ticker.tick()  # in a thread of its own, were this no simulation: what hangs here takes none of the time
        true.value += _pace(true.value, life.end)
    if life.cards:
        _settle(desk)


def _run_two(
    life: Life, first: Desk, second: Callable[[float], Desk], true: TrueClock, todo: list[Todo], told: Tell
) -> None:
    """Runs two desks at the same time; each incident is opened in one of them, in turns."""
    running, turn = [first], 0
    assert life.second_from is not None
    while true.value <= life.end:
        if len(running) == 1 and true.value >= life.second_from:
            running.append(second(life.second_skew))
        while todo and todo[0][0] <= true.value:
            todo.pop(0)[1](running[turn % len(running)], told)
            turn += 1
        ticks = [threading.Thread(target=_tick, args=(desk,)) for desk in running]
        for tick in ticks:
            tick.start()
        for tick in ticks:
            tick.join()
        true.value += _pace(true.value, life.end)
    for other in running[1:]:
        other.close()


def _tick(desk: Desk) -> None:
    desk.ticker.tick_summary()
    desk.ticker.tick()


def _todo(life: Life, folder: Path) -> list[Todo]:
    opening = partial(_open, cards=life.cards)
    todo: list[Todo] = [(at, opening) for at in life.opens]
    todo += [(at, _resolve) for at in life.resolves] + [(at, _update) for at in life.updates]
    todo += [(at, _post_by_hand) for at in life.by_hand]
    todo += [(at, partial(_edit, folder / file, before, after)) for at, file, before, after in life.edits]
    return sorted(todo, key=lambda one: one[0])


def _edit(file: Path, before: str, after: str, desk: Desk, told: Tell) -> None:
    """Changes a team's file; where nothing is named to be replaced, adds to its end."""
    text = file.read_text()
    assert before in text, f"{file.name} as shipped has changed"
    file.write_text(text.replace(before, after) if before else text + after)


def _post_by_hand(desk: Desk, told: Tell) -> None:
    try:
        desk.summary.commands.post_now("", desk.now())
    except UserError as refusal:
        told(f"by hand: {' '.join(str(refusal).split())}")


def _settle(desk: Desk) -> None:
    """Waits until the incidents' messages are up to date."""
    done = threading.Event()
    desk.incidents.cards._jobs.add(Job("settled", done.set, print))
    done.wait()


def _pace(at: float, end: float) -> float:
    """Every second around the full hour and at the end, a few seconds apart in between."""
    second = at % 3600
    return 1.0 if second < 20 or second > 3590 or end - at < 15 else 5.0


def _open(desk: Desk, told: Tell, *, cards: bool) -> None:
    at = desk.now()
    try:
        incident = desk.incidents.log.open(Change(title=f"Event at {at:%H:%M:%S}"), at=at, by=ALICE, place=Place())
    except UserError:  # the disk is full
        return
    told(f"#{incident.number} {incident.title}:")
    if cards:
        card = desk.incidents.card(incident, at)
        desk.incidents.log.place(incident.number, desk.chat.post(CARDS, card.text, key=card.key))


def _update(desk: Desk, told: Tell) -> None:
    for incident in desk.incidents.log.open_ones()[:1]:
        desk.incidents.log.update(incident.number, Change(text="it goes on"), at=desk.now(), by=ALICE)


def _resolve(desk: Desk, told: Tell) -> None:
    for incident in desk.incidents.log.open_ones()[:1]:
        try:
            desk.incidents.log.resolve(incident.number, Change(text="it is over"), at=desk.now(), by=ALICE)
        except UserError:  # by a clock that was set back it is over before it began; or the disk is full
            continue
        told(f"#{incident.number} {incident.title}:")
