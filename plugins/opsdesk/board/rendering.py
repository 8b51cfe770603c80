"""Pages made of their values by the templates beside this."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from opsdesk.board import markup
from opsdesk.board.views import PageView
from opsdesk.desk import Desk
from opsdesk.status import VERSION
from opsdesk.text import tell_day, tell_when, tell_zone

TEMPLATES = Path(__file__).parent / "templates"


@cache
def templates() -> Environment:
    """Return the templates, in which everything is escaped that is not HTML of the board's own."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(line=_line, paragraphs=_paragraphs, plain=_plain, day=tell_day)
    return made


def rendered(view: PageView, desk: Desk) -> str:
    """Return a page, with the present moment and the zone of its times."""
    at = desk.now()
    made = f"{tell_when(at, at, desk.zone)} {tell_zone(at, desk.zone)}"
    around = {
        "title": view.title,
        "made": made,
        "made_at": at.isoformat(),
        "zone": desk.settings.file.zone,
        "version": VERSION,
        "names": {member.id: member.name for member in desk.oncall.roster.rotation.members},
        "rehearsal": desk.settings.rehearsal,
    }
    return templates().get_template(view.template).render(around | dict(view.values))


@pass_context
def _line(context: Context, text: str) -> Markup:
    return markup.line(text, context["names"])


@pass_context
def _paragraphs(context: Context, text: str) -> Markup:
    return markup.paragraphs(text, context["names"])


@pass_context
def _plain(context: Context, text: str) -> str:
    return markup.plain(text, context["names"])
