"""Direct messages about a post: what was not sent or changed, to everybody who has to know."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta

from opsdesk.posts.post import PostLine
from opsdesk.posts.scheduled import Scheduled, saying

TELL_FOR = timedelta(hours=12)  # how long somebody is tried to be told


def telling(
    people: Mapping[str, str], key: str, day: date, at: datetime, worded: Callable[[str], str]
) -> Iterator[Scheduled]:
    """Yield a direct message to each of `people`, who stand there by id with why they are told, from `at` on.

    `worded` gives the text for such a reason, "" for none. Each of them gets one message by that `key`.
    """
    until = at + TELL_FOR
    for person, why in people.items():
        text = saying((PostLine("words", worded(why)),))
        yield Scheduled(f"{key}:{person}", day, at, until, until, text, person=person)
