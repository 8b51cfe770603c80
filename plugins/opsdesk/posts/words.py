"""Words around a scheduled post."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from opsdesk.posts.post import FAILED, PostLine, PostRecord, PostStep, State
from opsdesk.posts.scheduled import Scheduled
from opsdesk.text import tell_on, tell_time

HEAD = ("late", "repeated")  # the keys of the lines that tell of the sending itself


class PostWords(msgspec.Struct, frozen=True):
    """What is written around the text of a post, with times in `zone`."""

    zone: ZoneInfo

    def late(self, due: datetime, reason: str) -> str:
        """Return a line such as "(late: due 8:00pm, the desk was down)"."""
        return f"(late: due {tell_time(due, self.zone)}, {reason})"

    def repeated(self) -> str:
        """Return the first line of a post that may stand there already."""
        return "(possibly repeated: the chat did not confirm the first one)"

    def replaced(self, link: str) -> str:
        """Return what is left of a message that was sent twice; `link` leads to the one that counts."""
        return f"(sent twice by mistake: what counts is {link or 'the first one'})"

    def text(self, lines: Sequence[PostLine], day: date) -> str:
        """Return the whole message about `day`; behind the first line of each changed part stands when it changed."""
        return "\n".join(self._line(line, day) for line in lines)

    def _line(self, line: PostLine, day: date) -> str:
        if not line.updated_at:
            return line.text
        first, rest, others = line.text.partition("\n")
        return f"{first} (updated {tell_on(line.updated_at, day, self.zone)}){rest}{others}"


LATE = {
    PostStep.RESUMED: "it was left out until then",
    PostStep.UNWRITTEN: "{}",
    PostStep.REFUSED: "the chat refused it: {}",
    PostStep.UNCLEAR: "the chat did not confirm it: {}",
}
SLOW = "the desk's clock was slow"


def why_late(scheduled: Scheduled, record: PostRecord, started: datetime) -> str:
    """Return what last kept the post back since it was due; `started` is when the desk started."""
    kept_back = record.since(scheduled.due, *LATE)
    if kept_back:
        return LATE[kept_back[-1].step].format(kept_back[-1].text)
    return "the desk was down" if started > scheduled.due else "the desk was held up"


def why_given_up(scheduled: Scheduled, record: PostRecord) -> str:
    """Return why the last try since the post was due failed; without one, what kept it from being tried."""
    kept_back = record.since(scheduled.due, *FAILED, PostStep.RESUMED)
    if kept_back and kept_back[-1].step is PostStep.RESUMED:
        return "it was left out until it was too late"
    if kept_back:
        return kept_back[-1].text
    return "it was never confirmed" if record.state is State.UNCONFIRMED else "the desk was down"


def sentence(reason: str) -> str:
    """Return a reason with one full stop, whether or not it came with its own."""
    return reason if reason.endswith((".", "!", "?", ".)")) else f"{reason}."
