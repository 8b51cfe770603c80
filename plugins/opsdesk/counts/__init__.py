"""The numbers of a day: asked of Datadog or typed by hand, compared, drawn, told."""

from opsdesk.counts.counts import Counts, half_up
from opsdesk.counts.days import DaySeries
from opsdesk.counts.file import CountsFile
from opsdesk.counts.live import LiveCounts
from opsdesk.counts.series import Series
from opsdesk.counts.source import CountSource
from opsdesk.counts.wing import CountDesk, build

__all__ = [
    "CountDesk",
    "CountSource",
    "Counts",
    "CountsFile",
    "DaySeries",
    "LiveCounts",
    "Series",
    "build",
    "file",
    "half_up",
    "words",
]
