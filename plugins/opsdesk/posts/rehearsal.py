"""Rehearsing: what is scheduled goes to the rehearsal channel instead, marked with whom it was meant for."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from msgspec.structs import replace

from opsdesk.posts.plans import Plan
from opsdesk.posts.post import PostLine, PostRecord
from opsdesk.posts.scheduled import Scheduled

KEY = "rehearsal:"  # what the key of a rehearsed message begins with
Name = Callable[[str], str]  # what people call a room or a person, by id


def by_id(where: str) -> str:
    """Return the id itself."""
    return where


def staged(plan: Plan, stage: Callable[[Scheduled], Scheduled]) -> Plan:
    """Return the plan with every message as `stage` has it."""
    return lambda at: [stage(one) for one in plan(at)]


def rehearse(one: Scheduled, room: str, name: Name = by_id) -> Scheduled:
    """Return the message as it is sent to `room`: its first line says whom it was meant for, as `name` calls them.

    One that is rehearsed already stays as it is.
    """
    if one.key.startswith(KEY):
        return one
    meant_for = ("the topic of " if one.sets_topic else "") + (one.person or one.room)

    def compose(at: datetime, before: PostRecord) -> Sequence[PostLine]:
        return [PostLine("rehearsal", f"(rehearsal: meant for {name(meant_for)})"), *one.compose(at, before)]

    def notices(record: PostRecord) -> Iterable[Scheduled]:
        return [rehearse(notice, room, name) for notice in one.notices(record)]

    return replace(
        one,
        key=f"{KEY}{one.key}",
        room=room,
        thread="",
        person="",
        sets_topic=False,
        compose=compose,
        notices=notices,
    )
