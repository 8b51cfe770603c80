"""What Errbot itself says, made of its Markdown."""

import threading
from typing import Any

from opsdesk import slack_text


class InertMarkdown:
    """slackv3's converter, with everything in its result inert that would call somebody."""

    def __init__(self, converter: Any) -> None:
        self._converter, self._lock = converter, threading.Lock()

    def convert(self, body: str) -> str:
        """Markdown as mrkdwn."""
        with self._lock:  # Markdown keeps its state between calls
            return slack_text.disarm_markup(str(self._converter.convert(body)))
