"""What incidents are found by: the words of their timelines, and their labels."""

import unicodedata

from opsdesk.incidents.incident import Incident
from opsdesk.store import SearchFields

ALIKE = str.maketrans("‘’“”‐‑‒–—―−", "''\"\"-------")
RESOLVED = "resolved"


def searchable(text: str) -> str:
    """Return `text` with what people do not tell apart when they search made one: case, quotes, dashes, accents."""
    folded = text.casefold().translate(ALIKE)
    if folded.isascii():  # as nearly always: there is nothing to take apart
        return folded
    taken_apart = unicodedata.normalize("NFD", folded)
    return "".join(letter for letter in taken_apart if not "\u0300" <= letter <= "\u036f")


def _text(incident: Incident) -> str:
    return searchable("\n".join(f"{entry.title or ''}\n{entry.text}" for entry in incident.standing))


def _labels(incident: Incident) -> list[str]:
    return [*([RESOLVED] if incident.resolution else []), subsystem_label(incident.subsystem)]


def subsystem_label(subsystem: str) -> str:
    """Return the label of the incidents on a subsystem."""
    return f"on {subsystem}"


FOUND_BY = SearchFields(_text, _labels, version=3)  # raise its version when _text, _labels or what they rest on changes
