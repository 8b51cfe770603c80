"""The numbers of a day: asked of Datadog or typed by hand, compared, drawn, told."""

from opsdesk import later

later.parts(__name__, "answers", "asked", "baselines", "board_words", "words")

from opsdesk.counts.boards import BoardReader
from opsdesk.counts.counts import Counts, half_up
from opsdesk.counts.days import DaySeries
from opsdesk.counts.file import CountsFile
from opsdesk.counts.live import LiveCounts
from opsdesk.counts.panels import BoardPanel, PanelBoard
from opsdesk.counts.readings import PanelReading
from opsdesk.counts.series import Series
from opsdesk.counts.source import CountSource
from opsdesk.counts.standing import Level, level
from opsdesk.counts.undo import last_typed
from opsdesk.counts.wing import CountDesk, build

__all__ = [
    "BoardPanel",
    "BoardReader",
    "CountDesk",
    "CountSource",
    "Counts",
    "CountsFile",
    "DaySeries",
    "Level",
    "LiveCounts",
    "PanelBoard",
    "PanelReading",
    "Series",
    "asked",
    "baselines",
    "board_words",
    "build",
    "file",
    "half_up",
    "last_typed",
    "level",
    "words",
]
