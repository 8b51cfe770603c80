"""What to do, step by step: one Markdown file per subject in data/runbooks."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec

from opsdesk.patterns import regex
from opsdesk.settings import team_file

REFERENCE = regex(r"\[([^\[\]]+)\]\((link|runbook):([^()\s]*)\)")


class Runbook(msgspec.Struct, frozen=True):
    """`key` is the file's name without its ending; `text` is Markdown, without the title."""

    key: str
    title: str
    text: str

    @property
    def references(self) -> Iterator[tuple[str, str]]:
        """Return what it points to: ("link", "vista-api") for [the dashboard](link:vista-api)."""
        return ((found[2], found[3]) for found in REFERENCE.finditer(self.text))

    def filled(self, tell: Callable[[str, str, str], str]) -> str:
        """Return the text with each reference replaced by what `tell(label, kind, key)` returns."""
        return REFERENCE.sub(lambda found: tell(found[1], found[2], found[3]), self.text)


def read(folder: Path) -> tuple[Mapping[str, Runbook], list[str]]:
    """Return the runbooks by key, and what is wrong with the files that are not among them."""
    runbooks: dict[str, Runbook] = {}
    complaints: list[str] = []
    for path in sorted(folder.glob("*.md")):
        try:
            runbooks[path.stem] = _runbook(path)
        except (OSError, ValueError) as wrong:
            complaints.append(f"{folder.name}/{path.name}: {team_file.reason(wrong)}")
    return runbooks, complaints


def _runbook(path: Path) -> Runbook:
    first, _, text = team_file.text_of(path).strip().partition("\n")
    if not first.startswith("# "):
        raise ValueError('the first line is not a title, such as "# vista-api"')
    if not text.strip():
        raise ValueError("there is nothing below the title")
    return Runbook(path.stem, first[2:].strip(), text.strip())
