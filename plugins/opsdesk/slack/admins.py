"""Notices to the admins, sent by direct message as soon as Slack takes them."""

import hashlib
import logging
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from opsdesk import clock
from opsdesk.chat import Job, Outbox, SendError
from opsdesk.slack.api import SKEW
from opsdesk.slack.chat import SlackChat

A_DAY = timedelta(days=1)

log = logging.getLogger(__name__)


class AdminNotice:
    """A notice to one admin. It is sent again only if the chat shows that it is not there."""

    def __init__(self, chat: SlackChat, admin: str, text: str, since: datetime, key: str = "") -> None:
        """Send `text` to `admin`; with a `key` only if no notice with it stands there `since` then."""
        self._chat, self._admin, self._text, self._since = chat, admin, text, since
        self._key, self._may_stand = key or uuid.uuid4().hex, bool(key)

    def send(self) -> None:
        """Send the notice, or raise SendError."""
        if self._may_stand and self._chat.find(self._admin, self._key, self._since):
            return
        try:
            self._chat.tell(self._admin, self._text, key=self._key)
        except SendError as unsent:
            self._may_stand = self._may_stand or unsent.unclear
            raise


class AdminNotices:
    """Logs each notice at once, and retries it for as long as Slack fails."""

    def __init__(self, chat: SlackChat, admins: Sequence[str], now: clock.Now = clock.now) -> None:
        self._chat, self._admins, self._now, self._jobs = chat, admins, now, Outbox()

    def add(self, text: str) -> None:
        """Log `text`, and queue it for each admin."""
        log.warning("%s", text)
        for admin in self._admins:
            not_told = f"Admin {admin} was not told: {text}"
            give_up = partial(log.error, "%s (%s)", not_told)
            notice = AdminNotice(self._chat, admin, text, self._now() - SKEW)
            self._jobs.add(Job(not_told, notice.send, give_up, lasts=True, about=admin))

    def tell_now(self, text: str) -> None:
        """Send each admin `text` before this returns, unless that was told within a day; what fails is logged."""
        key, since = f"notice {hashlib.sha256(text.encode()).hexdigest()[:16]}", self._now() - A_DAY
        for admin in self._admins:
            try:
                AdminNotice(self._chat, admin, text, since, key).send()
            except SendError as unsent:
                log.error("Admin %s was not told: %s (%s)", admin, text, unsent.reason)

    def close(self) -> None:
        """Stop sending."""
        self._jobs.close()
