"""What Slack's ids stand for: people, bots, conversations, kept for minutes instead of asked with every message."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

import cachetools
import msgspec
from slack_sdk.errors import SlackRequestError

from opsdesk import guard
from opsdesk.slack.failures import FAILED, trouble_of
from opsdesk.workers import settle

log = logging.getLogger(__name__)

KEPT = 15 * 60  # seconds; events tell of changes sooner
MOST = 5_000
PEOPLE_PAGES, PEOPLE_PAGE = 5, 1_000

Answer = dict[str, Any]


class OwnIds(msgspec.Struct, frozen=True):
    """Whom Slack knows the desk as: its user, and its bot ("" if Slack names none)."""

    user: str
    bot: str = ""

    def sent(self, message: Answer) -> bool:
        """Return whether the desk itself sent a message; another app's never has the desk's user."""
        bot = str(message.get("bot_id") or "")
        return message.get("user") == self.user and bot in ("", self.bot or bot)


class Lookups:
    """Answers of users.info, bots.info and conversations.info, kept for minutes.

    Threads that ask for one id at the same time share one call. If Slack does not answer, a stand-in named by the id
    serves: a message must not be lost for want of a name.
    """

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call
        self._known: dict[str, cachetools.TTLCache[str, Answer]] = {}
        self._asking: dict[tuple[str, str], Future[Answer]] = {}
        self._lock = threading.Lock()
        self._signed_in: Answer = {}

    def user(self, key: str) -> Answer:
        """Return the answer of users.info; what stands in for it has `is_unknown`."""
        stranger = {
            "id": key,
            "team_id": "T",
            "profile": {"display_name": key, "real_name": key},
            "is_unknown": True,
        }
        return self._kept_or_asked("users.info", "user", key, {"user": stranger})

    def bot(self, key: str) -> Answer:
        """Return the answer of bots.info."""
        return self._kept_or_asked("bots.info", "bot", key, {"bot": {"id": key, "name": key}})

    def conversation(self, key: str) -> Answer:
        """Return the answer of conversations.info, always with the parts that slackv3 reads."""
        answer = self._kept_or_asked("conversations.info", "channel", key, {"channel": {"id": key}})
        empty = {"name": key, "topic": {"value": ""}, "purpose": {"value": ""}}
        return answer | {"channel": empty | answer["channel"]}

    def home(self) -> str:
        """Return the workspace's address with a slash at its end; "" if Slack does not tell."""
        return str(self._auth().get("url") or "")

    def domain(self) -> str:
        """Return the workspace's name in its address: "example" of example.slack.com."""
        return self.home().partition("://")[2].partition(".")[0]

    def me(self) -> str:
        """Return the desk's own user id; "" if Slack does not tell."""
        return str(self._auth().get("user_id") or "")

    def workspace(self) -> tuple[str, str]:
        """Return the ids of the workspace and of its Enterprise; "" for each that Slack does not tell."""
        auth = self._auth()
        return str(auth.get("team_id") or ""), str(auth.get("enterprise_id") or "")

    def own_ids(self) -> "OwnIds":
        """Return the desk's own ids. Raises SlackRequestError if Slack does not tell them."""
        auth = self._auth()
        if not auth.get("user_id"):
            raise SlackRequestError("Slack does not tell who the desk is")
        return OwnIds(str(auth["user_id"]), str(auth.get("bot_id") or ""))

    def signed_in(self, auth: Answer) -> None:
        """Keep auth.test's answer for good: whose token it is does not change."""
        self._signed_in = auth

    def _auth(self) -> Answer:
        if not self._signed_in.get("user_id"):
            with suppress(*FAILED):
                self.signed_in(dict(self._call("auth.test").data))
        return self._signed_in

    def name(self, user: str) -> str:
        """Return the name that people call this user by."""
        return name_in(self.user(user)["user"])

    def named(self, name: str) -> list[Answer]:
        """Return the people with this name among the members that Slack lists."""
        wanted = name.casefold()
        people = self._kept_or_asked("users.list", "", "", {"members": []}, self._everybody)["members"]
        return [person for person in people if wanted in names_in(person)]

    def forget(self, key: str) -> None:
        """Forget the user or conversation with this id, because something about it changed."""
        with self._lock:
            for known in self._known.values():
                known.pop(key, None)

    def _kept_or_asked(
        self, method: str, argument: str, key: str, stand_in: Answer, ask: Callable[[], Answer] | None = None
    ) -> Answer:
        with self._lock:
            known = self._cache(method).get(key)
            if known is not None:
                return known
            first = (method, key) not in self._asking
            asking = self._asking.setdefault((method, key), Future())
        if first:
            settle(asking, lambda: self._ask(method, argument, key, stand_in, ask))
            with self._lock:
                del self._asking[method, key]
        return asking.result()

    def _ask(self, method: str, argument: str, key: str, stand_in: Answer, ask: Callable[[], Answer] | None) -> Answer:
        keep = True
        try:
            asked = {argument: key} if argument else {}
            answer = ask() if ask else dict(self._call(method, params=asked).data)
        except FAILED as failed:
            trouble = trouble_of(failed)
            log.warning("%s of %s: %s; going by its id", method, key, trouble.reason)
            keep, answer = trouble.wait is None, {"ok": True} | stand_in
        with self._lock:
            if keep:
                self._cache(method)[key] = answer
        return answer

    def _everybody(self) -> Answer:
        people: list[Answer] = []
        cursor = ""
        for _ in range(PEOPLE_PAGES):
            page = self._call("users.list", params={"limit": PEOPLE_PAGE, "cursor": cursor})
            people += [one for one in page["members"] if not one.get("deleted") and not one.get("is_bot")]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return {"ok": True, "members": people}

    def _cache(self, method: str) -> "cachetools.TTLCache[str, Answer]":
        return self._known.setdefault(method, cachetools.TTLCache(MOST, KEPT))


def name_in(user: Answer) -> str:
    """Return the name that people call a user by: the display name, else the real one. `user` is from users.info.

    It is fit to stand in a line of the desk's, and an app is named as one.
    """
    profile = user.get("profile") or {}
    called = str(profile.get("display_name") or profile.get("real_name") or user.get("name") or "")
    named = guard.app_name if user.get("is_bot") else guard.name
    return named(guard.clean(called), str(user["id"]))


def names_in(user: Answer) -> set[str]:
    """Return every name a user may be called by, case-folded."""
    profile = user.get("profile") or {}
    names = (user.get("name"), user.get("real_name"), profile.get("display_name"), profile.get("real_name"))
    return {str(name).casefold() for name in names if name}


def can_act(user: Answer) -> bool:
    """Return whether somebody can do anything here: no app, guest or stranger, nobody who is gone or not known."""
    barred = ("deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger", "is_unknown")
    return not any(user.get(flag) for flag in barred)
