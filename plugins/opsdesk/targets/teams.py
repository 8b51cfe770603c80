"""Microsoft Teams: a message to a channel by the address that its workflow "When a webhook request is received" gives.

Source of the message's shape: https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors
(an adaptive card, at most 28 KB); a workflow answers 202 once it has taken a message.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from opsdesk.chat import SendError
from opsdesk.targets.outlet import AGAIN, LOOPBACK, TIMEOUT, Letter, retry_after
from opsdesk.targets.plain import runs

MOST = 24_000  # bytes of a message
CARD = "application/vnd.microsoft.card.adaptive"
CUT = "The rest is too long for Teams: it stands in Slack."
UNCLEAR = (502, 504)  # by what stands in between: the message may have been taken all the same
BUSY = (408, 425, 429, 500, 503)


def is_address(typed: str) -> bool:
    """Return whether it is an address that can be posted to: over TLS, unless it is on this machine."""
    try:
        parts = urlsplit(typed)
    except ValueError:
        return False
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))


class Teams:
    """Posts by the webhook at `address`, which is a secret."""

    def __init__(self, address: str) -> None:
        self._address = address

    def hand(self, letter: Letter) -> None:
        """Post a letter. Raises a SendError if it was not taken."""
        import requests

        try:
            answer = requests.post(
                self._address,
                data=message(letter.text),
                headers={"Content-Type": "application/json"},
                timeout=TIMEOUT,
                allow_redirects=False,  # it would be asked for, and the message be lost
                stream=True,  # nothing of the answer's text is needed, however long it be
            )
        except (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError) as failed:
            raise SendError(f"Teams could not be reached ({_name(failed)})", retry_after=AGAIN) from None
        except requests.exceptions.ReadTimeout:
            raise SendError("Teams did not answer in time", retry_after=AGAIN, unclear=True) from None
        except requests.exceptions.ConnectionError as failed:
            raise SendError("the connection to Teams failed", retry_after=AGAIN, unclear=_was_sent(failed)) from None
        except (requests.exceptions.RequestException, ValueError, OSError) as wrong:
            raise SendError(f"its address is none that can be posted to ({_name(wrong)})") from None
        with answer:
            refuse(answer.status_code, answer.headers)


def refuse(status: int, headers: Mapping[str, str]) -> None:
    """Raise a SendError unless the answer says that the message was taken."""
    if 200 <= status < 300:
        return
    if status in (*BUSY, *UNCLEAR):
        wait = retry_after(headers.get("Retry-After"))
        raise SendError(f"Teams answered {status}", retry_after=wait, unclear=status in UNCLEAR)
    raise SendError(f"Teams answered {status}: is the workflow still there, and its address right?")


def message(text: str) -> bytes:
    """Return what is posted: the text as a card, line by line, cut to what Teams takes."""
    lines = text.split("\n")
    blocks = [_block(line, number) for number, line in enumerate(lines)]
    room, kept = MOST, list[dict[str, Any]]()
    for block in blocks:
        room -= len(msgspec.json.encode(block)) + 1
        if room < 0:
            kept.append(_block(CUT, 1))
            break
        kept.append(block)
    return msgspec.json.encode(_around(kept))


def _around(body: list[dict[str, Any]]) -> dict[str, Any]:
    schema = "http://adaptivecards.io/schemas/adaptive-card.json"
    card = {"$schema": schema, "type": "AdaptiveCard", "version": "1.4", "body": body, "msteams": {"width": "Full"}}
    return {"type": "message", "attachments": [{"contentType": CARD, "contentUrl": None, "content": card}]}


def _block(line: str, number: int) -> dict[str, Any]:
    """Return a line as text that is shown to the letter: what would be Markdown elsewhere is none in a text run."""
    spacing = "Small" if number and line else "Medium"
    return {"type": "RichTextBlock", "spacing": spacing, "inlines": list(_inlines(line)) or [_run(" ")]}


def _inlines(line: str) -> Iterator[dict[str, Any]]:
    for run in runs(line):
        weight = {"weight": "Bolder"} if run.bold else {}
        yield _run(run.text) | weight | ({"strikethrough": True} if run.struck else {})


def _run(text: str) -> dict[str, Any]:
    return {"type": "TextRun", "text": text}


def _was_sent(failed: Exception) -> bool:
    """Return whether a connection that failed had been made: then the message may have arrived."""
    from urllib3.exceptions import MaxRetryError, NewConnectionError

    cause = failed.args[0] if failed.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return not isinstance(reason, NewConnectionError)


def _name(failed: Exception) -> str:
    """Return what went wrong without its own words, which hold the address."""
    return type(failed).__name__
