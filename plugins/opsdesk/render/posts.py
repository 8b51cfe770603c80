"""Words around a scheduled post."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from opsdesk.moments import tell_on, tell_time
from opsdesk.posts import Line


class PostWords(msgspec.Struct, frozen=True):
    """The words, with times as `zone` shows them."""

    zone: ZoneInfo

    def late(self, due: datetime, reason: str) -> str:
        """ "(late: due 8:00pm, the desk was down)"."""
        return f"(late: due {tell_time(due, self.zone)}, {reason})"

    def repeated(self) -> str:
        """The first line of a post that may stand there already."""
        return "(possibly repeated: the chat did not confirm the first one)"

    def text(self, lines: Sequence[Line], day: date) -> str:
        """The whole message, about `day`: each part that was changed says when, behind its first line."""
        return "\n".join(self._line(line, day) for line in lines)

    def _line(self, line: Line, day: date) -> str:
        if not line.updated_at:
            return line.text
        first, rest, others = line.text.partition("\n")
        return f"{first} (updated {tell_on(line.updated_at, day, self.zone)}){rest}{others}"
