"""Calls of Slack that are confirmed, or fail with a SendError in Slack's words."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from slack_sdk.web import SlackResponse

from opsdesk.chat import SendError
from opsdesk.slack.failures import FAILED, trouble_of

CLOSED = ("message_not_found", "edit_window_closed", "cant_update_message")  # no retry of an edit ever succeeds


def why(unsent: SendError) -> str:
    """Return the reason as a sentence, and whether the message may be there all the same."""
    return f"{unsent.reason}." + (" It may stand there all the same." if unsent.unclear else "")


def _unsent(failed: Exception) -> SendError:
    """Return a SendError with Slack's reason, and a time to wait if a retry may help."""
    trouble = trouble_of(failed)
    wait = None if trouble.wait is None else timedelta(seconds=max(trouble.wait, 1))
    error = _error_of(failed)
    final, gone = error in CLOSED, error == "message_not_found"
    return SendError(trouble.reason, retry_after=wait, unclear=trouble.unclear, final=final, gone=gone)


def _error_of(failed: Exception) -> str:
    """Return Slack's name for an error; "" if it has none."""
    response: SlackResponse | None = getattr(failed, "response", None)
    return "" if response is None else str(response.get("error") or "")


@contextmanager
def confirmed(*harmless: str) -> Iterator[None]:
    """Raise a SendError for whatever a call of Slack raises, but for Slack's errors that are `harmless`."""
    try:
        yield
    except FAILED as failed:
        if _error_of(failed) not in harmless:
            raise _unsent(failed) from failed
