"""Rehearsing: what is scheduled goes to the rehearsal channel instead, marked with whom it was meant for."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from msgspec.structs import replace

from opsdesk.posts.plans import Plan
from opsdesk.posts.post import PostLine, PostRecord
from opsdesk.posts.scheduled import Scheduled

Name = Callable[[str], str]  # what people call a room or a person, by id


def by_id(where: str) -> str:
    """Return the id itself."""
    return where


def rehearsed(plan: Plan, room: str) -> Plan:
    """Return the plan with everything sent to `room`."""

    def planned(at: datetime) -> Iterable[Scheduled]:
        return [rehearse(one, room) for one in plan(at)]

    return planned


def rehearse(one: Scheduled, room: str, name: Name = by_id) -> Scheduled:
    """Return the message as it is sent to `room`: its first line says whom it was meant for, as `name` calls them."""
    meant_for = ("the topic of " if one.sets_topic else "") + (one.person or one.room)

    def compose(at: datetime, before: PostRecord) -> Sequence[PostLine]:
        return [PostLine("rehearsal", f"(rehearsal: meant for {name(meant_for)})"), *one.compose(at, before)]

    def notices(record: PostRecord) -> Iterable[Scheduled]:
        return [rehearse(notice, room, name) for notice in one.notices(record)]

    return replace(
        one,
        key=f"rehearsal:{one.key}",
        room=room,
        thread="",
        person="",
        sets_topic=False,
        compose=compose,
        notices=notices,
    )
