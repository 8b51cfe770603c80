"""Error traces: what fails where, by the guide's query, grouped and counted, with the latest example of each."""

from opsdesk import later

later.parts(__name__, "typed", "words")

from opsdesk.traces.groups import TraceGroup, Traces
from opsdesk.traces.wing import TraceDesk, build

__all__ = ["TraceDesk", "TraceGroup", "Traces", "build", "file", "words"]
