"""The page of the desk in Slack's Home tab.

Source of the shapes and limits: https://docs.slack.dev/surfaces/app-home, https://docs.slack.dev/reference/methods/views.publish
"""

import logging
from collections.abc import Callable, Iterator
from itertools import islice

from msgspec.structs import replace
from slack_sdk.errors import SlackApiError

from opsdesk.chat import HomePage, HomePart, Panel
from opsdesk.slack.api import SlackWeb
from opsdesk.slack.blocks import HEADER, Json, blocks_of, button_of, context_of, plain_of
from opsdesk.slack.confirmed import confirmed
from opsdesk.slack.mrkdwn import escape

log = logging.getLogger(__name__)

MOST_BLOCKS = 100
NOT_TAKEN = ("invalid_arguments", "invalid_blocks", "invalid_blocks_format", "view_too_large")
OFF = "not_enabled"
TYPED = HomePage(
    (
        HomePart(
            "",
            (
                Panel(
                    text="Slack does not show this page as it is. In *Messages* you can type `!oncall`, "
                    "`!incident list`, `!alerts`, `!stats today` and `!summary`."
                ),
            ),
        ),
    )
)


class HomeTab:
    """Shows people the page; `write` makes mrkdwn of the desk's own text. The admins hear once of each refusal."""

    def __init__(
        self,
        web: SlackWeb,
        write: Callable[[str], str],
        tell_admins: Callable[[str], None],
        *,
        has_buttons: Callable[[], bool],
    ) -> None:
        self._web, self._write, self._tell_admins, self._has_buttons = web, write, tell_admins, has_buttons
        self._told = set[str]()

    def publish(self, person: str, page: HomePage) -> None:
        """Show somebody a page; one that Slack refuses, as text. Raises a SendError."""
        with confirmed():
            try:
                self._publish(person, page)
            except SlackApiError as refused:
                error = str(refused.response.get("error"))
                if error == OFF:
                    self._tell_once(error, "The Slack app's Home tab is off: the README's manifest turns it on.")
                if error not in NOT_TAKEN:
                    raise
                self._tell_once(error, f"Slack refused the page in the Home tab ({error}): it tells what to type.")
                self._publish(person, TYPED)

    def _publish(self, person: str, page: HomePage) -> None:
        self._web.views_publish(user_id=person, view=view_of_home(page, self._write, buttons=self._has_buttons()))

    def _tell_once(self, error: str, told: str) -> None:
        log.warning("Slack refused the Home tab: %s", error)
        if error not in self._told:
            self._told.add(error)
            self._tell_admins(told)


def view_of_home(page: HomePage, write: Callable[[str], str], *, buttons: bool = True) -> Json:
    """Return the view of a page; without `buttons` where a press would do nothing."""
    return {"type": "home", "blocks": list(islice(_blocks(page, write, buttons), MOST_BLOCKS))}


def _blocks(page: HomePage, write: Callable[[str], str], buttons: bool) -> Iterator[Json]:
    if page.as_of:
        yield from context_of(page.as_of, write)
    for part in page.parts:
        if part.heading:
            yield {"type": "header", "text": plain_of(part.heading, HEADER)}
        for panel in part.panels:
            yield from _panel(panel if buttons else replace(panel, buttons=(), more=()), write)


def _panel(panel: Panel, write: Callable[[str], str]) -> Iterator[Json]:
    """Yield the blocks of what stands below a heading: a single button stands beside its words."""
    is_beside = len(panel.buttons) == 1 and bool(panel.title.strip() or panel.text.strip())
    blocks = blocks_of(replace(panel, buttons=()) if is_beside else panel, write)
    if is_beside:
        blocks[0]["accessory"] = button_of(panel.buttons[0])
    if panel.link:
        link = {"type": "mrkdwn", "text": f"<{escape(panel.link)}|Go to its message>"}
        small = [block for block in blocks if block["type"] == "context"]
        (small[0]["elements"] if small else _small(blocks)).append(link)
    yield from blocks


def _small(blocks: list[Json]) -> list[Json]:
    """Return the elements of a line in small letters that is added."""
    elements: list[Json] = []
    blocks.append({"type": "context", "elements": elements})
    return elements
