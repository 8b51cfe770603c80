"""Alerts by webhook: who may send them, what is accepted, and what is answered.

Datadog signs nothing: a shared secret stands in a header that the team sets. Sentry signs the raw body (HMAC-SHA256).
Source: Datadog's and Sentry's webhook documentation.
"""

import hashlib
import hmac
import logging
from collections.abc import Callable, Mapping
from typing import Any

from opsdesk.alerts.intake import AlertIntake
from opsdesk.errors import UserError
from opsdesk.web import json_object

log = logging.getLogger(__name__)

LARGEST = 1_000_000  # bytes
HEADER = "X-Desk-Secret"
SIGNATURE = "Sentry-Hook-Signature"

Answer = tuple[str, int]  # text and HTTP status


def shared_secret(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Return whether the request brings Datadog's shared secret, by its own header or as a bearer token."""
    given = headers.get(HEADER) or (headers.get("Authorization") or "").removeprefix("Bearer ")
    return hmac.compare_digest(given.strip().encode(), secret.encode())


def signature(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Return whether the request is signed as Sentry does."""
    wanted = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest((headers.get(SIGNATURE) or "").strip().encode(), wanted.encode())


CHECKS: Mapping[str, Callable[[str, Mapping[str, str], bytes], bool]] = {
    "datadog": shared_secret,
    "sentry": signature,
}


class Webhooks:
    """Takes alerts by webhook from the sources whose secret is set: DESK_WEBHOOK_<SOURCE>_SECRET."""

    def __init__(self, intake: AlertIntake, environment: Mapping[str, str]) -> None:
        secrets = {
            "datadog": environment.get("DESK_WEBHOOK_DATADOG_SECRET", ""),
            "sentry": environment.get("DESK_WEBHOOK_SENTRY_SECRET", ""),
        }
        self._intake = intake
        self._secrets = {source: secret.strip() for source, secret in secrets.items() if secret.strip()}

    def receive(self, source: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Return what to answer a request with. A good one is on disk by then; what follows is done afterwards.

        404 for a source that is off, 413 over 1 MB, 401 without the secret, 400 for what is no JSON, 503 where it
        could not be stored: the sender tries again.
        """
        secret = self._secrets.get(source)
        if not secret:
            return "not found", 404
        if len(body) > LARGEST:
            return f"more than {LARGEST:,} bytes", 413
        if not CHECKS[source](secret, headers, body):
            return "not authorised", 401
        try:
            payload = json_object(body)
        except ValueError as wrong:
            return str(wrong), 400
        return self._take(source, payload, hashlib.sha256(body).hexdigest()[:32])

    def _take(self, source: str, payload: Mapping[str, Any], id: str) -> Answer:
        """Take a body once: senders try again where they heard no answer."""
        try:
            self._intake.webhook(source, payload, id)
        except UserError as refused:
            log.error("An alert by webhook was not stored: %s", refused)
            return "not stored, try again", 503
        return "ok", 200
