"""What was found on a dashboard, in words: the counters that fit, the whole board's TOML, and what cannot be used."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from opsdesk.counts.dashboards import Dashboard, Proposal, as_setting
from opsdesk.counts.file import TAKEN, Counter, CountsFile
from opsdesk.counts.panels import BoardPanel, PanelQuery
from opsdesk.datadog import Unknown, reason
from opsdesk.patterns import regex
from opsdesk.text import part

ROOM = 2400  # characters of a block of TOML, which is never cut
BARE = regex(r"[A-Za-z0-9_-]+")


def discovered(
    dashboard: Dashboard,
    organisation: str,
    address: str,
    proposals: Sequence[Proposal],
    file: CountsFile,
    page: int,
    command: str,
) -> str:
    """Return page `page` of a dashboard: what fits which counter, the TOML to paste, what cannot be used and why."""
    usable = [one.panel for one in dashboard.proposed if one.panel]
    refused = [one for one in dashboard.proposed if not one.panel]
    many, panels = len(dashboard.widgets), len(usable)
    head = f"{dashboard.title or 'The dashboard'} ({organisation}): {many} widget{'s' * (many != 1)}, "
    blocks = [
        f"{head}{panels} panel{'s' * (panels != 1)}, {len(refused)} that cannot be used",
        *(_proposals(proposals, file) if any(one.fitting for one in proposals) else ()),
        *(_board(dashboard.title, organisation, address, usable, file) if usable else ()),
        *(["Not usable:"] if refused else []),
        *(f"• {one.widget.name} ({one.widget.kind}) {one.refusal}" for one in refused),
    ]
    return part(blocks, page, command)


def undiscovered(missing: Mapping[str, Unknown], at: datetime) -> str:
    """Return why no dashboard can be shown: a line for each organisation that was asked."""
    return "\n".join(f"Organisation {key}: {reason(one, at)}" for key, one in missing.items())


def board_key(title: str) -> str:
    """Return what a board can be called in the file: "check-in-vets-api" for "Check-in vets-api"."""
    key = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[:40].strip("-") or "board"
    return f"{key}-board" if key in TAKEN else key


def board_toml(
    title: str, organisation: str, address: str, panels: Sequence[BoardPanel], file: CountsFile
) -> list[str]:
    """Return the tables of a board, its own first."""
    key = board_key(title)
    own = [f"[boards.{key}]", f"title = {_text(title or key)}", f"organisation = {_text(organisation)}"]
    return ["\n".join([*own, f"dashboard = {_text(address)}"]), *(_panel(key, one, file.settings) for one in panels)]


def _board(
    title: str, organisation: str, address: str, panels: Sequence[BoardPanel], file: CountsFile
) -> Iterator[str]:
    yield (
        "The whole board, to paste into data/counts.toml. Thresholds are the widgets' own: counts are those of an hour "
        "here."
    )
    block = ""
    for table in board_toml(title, organisation, address, panels, file):
        if block and len(block) + len(table) > ROOM:
            yield _fenced(block)
            block = ""
        block += f"\n\n{table}" if block else table
    yield _fenced(block)


def _proposals(proposals: Sequence[Proposal], file: CountsFile) -> Iterator[str]:
    yield from (_proposal(one, file) for one in proposals)
    tables = [
        _counter(one.counter, file.counters[one.counter], as_setting(one.query, file.settings))
        for one in proposals
        if one.query
    ]
    if tables:
        joined = "\n\n".join(tables)
        yield f"The counters, to paste into data/counts.toml:\n{_fenced(joined)}"


def _proposal(proposal: Proposal, file: CountsFile) -> str:
    label = file.counters[proposal.counter].label
    if proposal.query:
        same = as_setting(proposal.query, file.settings) == file.counters[proposal.counter].query
        return f"• {label}: " + ("as configured" if same else f'fits "{proposal.fitting[0].label}"')
    if proposal.fitting:
        several = ", ".join(f'"{panel.label}"' for panel in proposal.fitting)
        return f"• {label}: several fit, choose one: {several}"
    return f"• {label}: nothing fits"


def _counter(key: str, counter: Counter, query: str) -> str:
    """Return the counter's table with another query."""
    texts = {"label": counter.label, "organisation": counter.organisation, "query": query}
    sample = [f"sample = {counter.sample}"] if counter.sample is not None else []
    return "\n".join((f"[counters.{key}]", *(f"{name} = {_text(value)}" for name, value in texts.items()), *sample))


def _panel(board: str, panel: BoardPanel, settings: Mapping[str, str]) -> str:
    lines = [f"[[boards.{board}.panels]]", f"label = {_text(panel.label)}"]
    if panel.formula:
        lines.append(f"formula = {_text(panel.formula)}")
    else:
        lines += _asked(PanelQuery(panel.query, panel.logs, panel.spans), settings)
    lines += [f"{name} = {_number(limit)}" for name in ("warn", "alert") if (limit := getattr(panel, name)) is not None]
    lines += ["below = true"] if panel.below else []
    for name, asked in panel.queries.items():
        lines += [f"[boards.{board}.panels.queries.{name}]", *_asked(asked, settings)]
    return "\n".join(lines)


def _asked(asked: PanelQuery, settings: Mapping[str, str]) -> list[str]:
    fields = {name: getattr(asked, name) for name in ("query", "logs", "spans")}
    return [f"{name} = {_text(as_setting(value, settings))}" for name, value in fields.items() if value]


def _text(value: str) -> str:
    """Return a text as TOML: in single quotes where it has double ones. A JSON string is a valid TOML string.

    A backtick is escaped: it would end the block in which the chat shows it.
    """
    if '"' in value and not set("'`\\") & set(value):
        return f"'{value}'"
    return json.dumps(value, ensure_ascii=False).replace("`", "\\u0060")


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


def _fenced(toml: str) -> str:
    return f"```\n{toml}\n```"
