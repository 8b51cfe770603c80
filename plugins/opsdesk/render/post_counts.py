"""Words of the counts in the day's post."""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from opsdesk.counts import Counts
from opsdesk.moments import tell_time
from opsdesk.render import counts as words


class PostCountsWords(msgspec.Struct, frozen=True):
    """The words, with times as `zone` shows them."""

    zone: ZoneInfo

    def told(self, counts: Counts) -> str:
        """The window and the lines."""
        sample = f"; {words.SAMPLE}" if counts.sample else ""
        return f"*Counts* ({words.window_words(counts)}{sample})\n{words.six_lines(counts)}"

    def unavailable(self, counts: Counts | None, trying_until: datetime | None) -> str:
        """ "Counts unavailable: Datadog did not answer (timeout). Trying until 8:30pm."."""
        reason = words.unavailable(counts) if counts else "Datadog has not answered yet"
        trying = f" Trying until {tell_time(trying_until, self.zone)}." if trying_until else ""
        return f"Counts unavailable: {reason}.{trying}"
