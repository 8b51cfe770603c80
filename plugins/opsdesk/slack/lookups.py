"""Who and what Slack's ids stand for, asked once in a while instead of with every message."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import cachetools

from opsdesk.slack.failures import FAILED, trouble_of
from opsdesk.workers import settle

log = logging.getLogger(__name__)

KEPT = 15 * 60  # seconds; events tell of changes sooner
MOST = 5_000
PEOPLE_PAGES, PEOPLE_PAGE = 5, 1_000

Answer = dict[str, Any]


class Lookups:
    """Answers of users.info, bots.info and conversations.info, kept for minutes.

    Several threads that ask the same at once make one call. Where Slack does not tell, a stand-in named by its id
    serves: a message must not be lost for want of a name.
    """

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call
        self._known: dict[str, cachetools.TTLCache[str, Answer]] = {}
        self._asking: dict[tuple[str, str], Future[Answer]] = {}
        self._lock = threading.Lock()

    def user(self, key: str) -> Answer:
        """users.info's answer."""
        profile = {"display_name": key, "real_name": key}
        return self._told("users.info", "user", key, {"user": {"id": key, "team_id": "T", "profile": profile}})

    def bot(self, key: str) -> Answer:
        """bots.info's answer."""
        return self._told("bots.info", "bot", key, {"bot": {"id": key, "name": key}})

    def conversation(self, key: str) -> Answer:
        """conversations.info's answer, always with the parts that slackv3 reads."""
        told = self._told("conversations.info", "channel", key, {"channel": {"id": key}})
        empty = {"name": key, "topic": {"value": ""}, "purpose": {"value": ""}}
        return told | {"channel": empty | told["channel"]}

    def home(self) -> str:
        """The workspace's address, ended by a slash; "" where Slack does not tell."""
        return str(self._told("auth.test", "", "", {}).get("url") or "")

    def domain(self) -> str:
        """The workspace's name in its address, "example" in example.slack.com."""
        return self.home().partition("://")[2].partition(".")[0]

    def me(self) -> str:
        """The desk's own user id; "" where Slack does not tell."""
        return str(self._told("auth.test", "", "", {}).get("user_id") or "")

    def name(self, user: str) -> str:
        """What people call this user."""
        return name_in(self.user(user)["user"])

    def named(self, name: str) -> list[Answer]:
        """The people called that, whom Slack lists."""
        wanted = name.casefold()
        people = self._told("users.list", "", "", {"members": []}, self._everybody)["members"]
        return [person for person in people if wanted in names_in(person)]

    def forget(self, key: str) -> None:
        """Asks again next time about the user or conversation with this id: something about it was changed."""
        with self._lock:
            for known in self._known.values():
                known.pop(key, None)

    def _told(
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
    """What people call a user, of users.info's answer: the display name, else the real one."""
    profile = user.get("profile") or {}
    return str(profile.get("display_name") or profile.get("real_name") or user.get("name") or user["id"])


def names_in(user: Answer) -> set[str]:
    """Everything a user may be called, in lower case."""
    profile = user.get("profile") or {}
    names = (user.get("name"), user.get("real_name"), profile.get("display_name"), profile.get("real_name"))
    return {str(name).casefold() for name in names if name}
