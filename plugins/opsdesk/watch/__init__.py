"""The watch: looks at the counts by itself, and tells what has fallen once, early, with figures."""

from opsdesk import later

later.parts(__name__, "alarm_words", "answers", "naming", "words")

from opsdesk.watch.wing import WatchDesk, build

__all__ = [
    "WatchDesk",
    "build",
]
