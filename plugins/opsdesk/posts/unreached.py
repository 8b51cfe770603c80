"""A message that cannot reach the person it is for goes to others, and says so."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from msgspec.structs import replace

from opsdesk import guard
from opsdesk.patterns import regex
from opsdesk.posts.post import STATE_AFTER, PostEntry, PostLine, PostRecord
from opsdesk.posts.scheduled import Lines, Scheduled

SLACK_ID = regex(guard.USER_ID)


def or_else(message: Scheduled, others: Sequence[str]) -> Scheduled:
    """Return a direct message that goes to `others`, by id, as soon as its own person cannot be reached."""

    def notices(record: PostRecord) -> Iterable[Scheduled]:
        yield from message.notices(record)
        if unreached := _unreached(record):
            yield from (_for_another(message, other, unreached) for other in others if other != message.person)

    return replace(message, notices=notices) if message.person else message


def _unreached(record: PostRecord) -> PostEntry | None:
    """Return the entry that tells why nobody was reached; None while that may still succeed by itself."""
    last = record.last(*STATE_AFTER)
    return last if last and (record.refused_since or record.given_up_at) else None


def _for_another(message: Scheduled, other: str, unreached: PostEntry) -> Scheduled:
    def compose(at: datetime, before: PostRecord) -> Lines:
        return [PostLine("for", _meant_for(message.person, unreached.text)), *message.compose(at, before)]

    return replace(
        message,
        key=f"unreached:{message.key}:{other}",
        due=unreached.at,
        until=unreached.at + (message.until - message.due),
        person=other,
        compose=compose,
        notices=_none,
    )


def _none(record: PostRecord) -> Iterator[Scheduled]:
    return iter(())


def _meant_for(person: str, reason: str) -> str:
    """Return the line above the message. Somebody on Slack is named by the chat, which never calls them by it."""
    name = f"<@{person}>" if SLACK_ID.fullmatch(person) else person
    return f"This goes to you since {name} could not be told: {reason.rstrip('.')}."
