"""The numbers of a day: asked of Datadog or typed by hand, compared, drawn, told."""

from opsdesk.counts.counts import Counts
from opsdesk.counts.source import CountSource
from opsdesk.counts.wing import CountDesk, build

__all__ = ["CountDesk", "CountSource", "Counts", "build", "file", "words"]
