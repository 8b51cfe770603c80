"""Incidents that are named by their subjects: "close the texts one", "who owns the VistA outage?"."""

from opsdesk import later

later.parts(__name__, "meaning")

from opsdesk.commands.by_subject import meaning
from opsdesk.commands.by_subject.unnumbered import may_be_meant

__all__ = ["may_be_meant", "meaning"]
