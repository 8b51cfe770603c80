"""Messages as the desk sends them to Slack: mrkdwn, with blocks where there is something to press."""

import logging
from collections.abc import Callable
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from opsdesk.chat import Panel
from opsdesk.slack.api import Metadata, SlackWeb
from opsdesk.slack.blocks import blocks_of
from opsdesk.slack.confirmed import confirmed

log = logging.getLogger(__name__)

NOT_TAKEN = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "block_mismatch")
PLAIN: dict[str, Any] = {"parse": "none", "link_names": False}


class Messages:
    """Posts and edits messages. What Slack refuses with buttons goes out as text at once, and the admins hear once."""

    def __init__(self, write: Callable[[str], str], tell_admins: Callable[[str], None]) -> None:
        self._write, self._tell_admins = write, tell_admins
        self.has_buttons, self._told = False, False

    def post(
        self, web: SlackWeb, room: str, text: str, thread: str, metadata: Metadata | None, panel: Panel | None = None
    ) -> str:
        """Post a message, and return its ts. Raises a SendError."""

        def send(shown: dict[str, Any]) -> SlackResponse:
            return web.chat_postMessage(
                channel=room,
                text=text,
                thread_ts=thread or None,
                metadata=metadata,
                unfurl_links=False,
                unfurl_media=False,
                **PLAIN,
                **shown,
            )

        return str(self._sent(send, panel)["ts"])

    def edit(
        self, web: SlackWeb, room: str, ts: str, text: str, metadata: Metadata | None, panel: Panel | None = None
    ) -> None:
        """Replace a message. Raises a SendError."""
        self._sent(
            lambda shown: web.chat_update(channel=room, ts=ts, text=text, metadata=metadata, **PLAIN, **shown), panel
        )

    def _sent(self, send: Callable[[dict[str, Any]], SlackResponse], panel: Panel | None) -> SlackResponse:
        with confirmed():
            if panel is None or not self.has_buttons:
                return send({})
            try:
                return send({"blocks": blocks_of(panel, self._write)})
            except SlackApiError as refused:
                if refused.response.get("error") not in NOT_TAKEN:
                    raise
                self._tell_once(str(refused.response.get("error")), panel)
                return send({})

    def _tell_once(self, error: str, panel: Panel) -> None:
        log.warning("Slack refused blocks: %s", error)
        if not self._told:
            self._told = True
            self._tell_admins(
                f"Slack refused the buttons of a message ({error}), which went out as text: {panel.title}. "
                "Others of the kind may lack theirs too; what they do can be typed."
            )
