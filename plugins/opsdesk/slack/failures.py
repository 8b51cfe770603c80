"""Why a call of Slack's Web API failed, when to try again, and whether Slack may have done it all the same."""

import http.client
import re
import socket
import urllib.error
from typing import Any

import msgspec
from slack_sdk.errors import SlackApiError, SlackRequestError

FAILED = (SlackApiError, SlackRequestError, OSError, http.client.HTTPException)
THEIR_FAULT = ("internal_error", "fatal_error", "service_unavailable", "request_timeout")
REFUSED_TOKEN = ("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "invalid_app")
ONCE = ("chat.postMessage", "chat.postEphemeral", "files.completeUploadExternal")  # done twice, they show twice
UNASKED_WAIT = 10  # seconds, where Slack limits a call without saying for how long
LONGEST_WAIT = 60 * 60  # seconds: nothing is put off for days, whatever a proxy in between says


class CallFailure(msgspec.Struct, frozen=True):
    """Why a call failed, in words.

    `wait` is how many seconds Slack asks for, 0 where it names no time and trying again may help, None where it
    will not. `unclear` means that the call may have been done all the same. `token` means that Slack does not take the
    token, which may pass.
    """

    reason: str
    wait: int | None = None
    unclear: bool = False
    token: bool = False


def trouble_of(failed: Exception) -> CallFailure:
    """Return what an error, one of `FAILED`, says about the call."""
    if isinstance(failed, SlackApiError):
        return _refused(failed)
    if isinstance(failed, urllib.error.HTTPError):
        return _status(failed.code, failed.headers.get("Retry-After"))
    if isinstance(failed, SlackRequestError):
        return CallFailure(str(failed), wait=0, unclear=True)
    reason = failed.reason if isinstance(failed, urllib.error.URLError) else failed
    if isinstance(reason, ConnectionRefusedError | socket.gaierror):
        return CallFailure("Slack cannot be reached", wait=0)
    if isinstance(reason, TimeoutError):
        return CallFailure("Slack did not answer in time", wait=0, unclear=True)
    return CallFailure(f"the connection to Slack broke ({type(reason).__name__})", wait=0, unclear=True)


def _refused(failed: SlackApiError) -> CallFailure:
    response: Any = failed.response
    error = str(response.get("error") or "unknown")
    if response.status_code != 200:
        return _status(response.status_code, response.headers.get("Retry-After"))
    if error in ("ratelimited", "rate_limited"):
        return _status(429, None)
    if error in THEIR_FAULT:
        return CallFailure(f"Slack failed ({error})", wait=0, unclear=True)
    if not re.fullmatch(r"\w+", error):  # slack_sdk puts its own words where an answer cannot be read
        return CallFailure("what answered was not Slack", wait=0, unclear=True)
    if error == "missing_scope":
        return CallFailure(f"Slack refused: the app lacks the scope {response.get('needed', 'for it')}")
    if error in REFUSED_TOKEN:
        return CallFailure(f"Slack refused: {error}", wait=0, token=True)
    return CallFailure(f"Slack refused: {error}")


def _status(status: int, retry_after: str | None) -> CallFailure:
    if status == 429:
        wait = _seconds(retry_after or "")
        return CallFailure(f"Slack asks to wait {wait} second{'' if wait == 1 else 's'}", wait=wait)
    if status >= 500:
        return CallFailure(f"Slack failed (HTTP {status})", wait=0, unclear=True)
    return CallFailure(f"Slack refused (HTTP {status})")


def _seconds(retry_after: str) -> int:
    if not retry_after.isdecimal():
        return UNASKED_WAIT
    return min(int(retry_after[:9]), LONGEST_WAIT)  # of a longer number that much is too long, too
