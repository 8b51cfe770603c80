"""Rehearsing: what is scheduled goes to the rehearsal channel instead, marked with whom it was meant for."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from msgspec.structs import replace

from opsdesk.posts.post import PostLine, PostRecord, Scheduled

Plan = Callable[[datetime], Iterable[Scheduled]]


def rehearsed(plan: Plan, room: str, mark: Callable[[str], str]) -> Plan:
    """The plan with everything sent to `room`, `mark` giving the first line."""

    def planned(at: datetime) -> Iterable[Scheduled]:
        return [rehearse(one, room, mark) for one in plan(at)]

    return planned


def rehearse(one: Scheduled, room: str, mark: Callable[[str], str]) -> Scheduled:
    """The same in `room`, `mark` saying in its first line whom it was meant for."""
    meant_for = ("the topic of " if one.sets_topic else "") + (one.person or one.room)

    def compose(at: datetime, before: PostRecord) -> Sequence[PostLine]:
        return [PostLine("rehearsal", mark(meant_for)), *one.compose(at, before)]

    def notices(record: PostRecord) -> Iterable[Scheduled]:
        return [rehearse(notice, room, mark) for notice in one.notices(record)]

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
