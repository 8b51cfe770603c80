"""A Slack for the chat to talk to: people, channels, edits, reactions and files, with faults on order."""

from types import SimpleNamespace

from slack_api import SlackApi

GENERAL, ALICE, BOB = "C01GENERAL", "U01ALICE", "U02BOB"
PEOPLE = {
    ALICE: {"id": ALICE, "name": "alice", "profile": {"display_name": "alice", "real_name": "Alice Adams"}},
    BOB: {"id": BOB, "name": "rsmith", "profile": {"display_name": "", "real_name": "Bob Smith"}},
}


class Slack(SlackApi):
    """As far as the chat needs it: people, channels, edits, reactions, files; every call is counted."""

    def __init__(self):
        super().__init__(fault=self._fault)
        self.faults, self.calls, self.reactions, self.uploads = {}, [], set(), []
        self.page = 200

    def _fault(self, method):
        self.calls.append(method)
        waiting = self.faults.get(method, [])
        return waiting.pop(0) if waiting else None

    def do(self, method, asked):
        if method.startswith("bytes"):
            return {"ok": True}
        return super().do(method, asked)

    def _auth_test(self, asked):
        return {"url": "https://example.slack.com/", "user_id": "U09DESK"}

    def _users_info(self, asked):
        return {"user": PEOPLE[asked["user"]]} if asked["user"] in PEOPLE else {"ok": False, "error": "user_not_found"}

    def _users_list(self, asked):
        return {"members": list(PEOPLE.values())}

    def _conversations_info(self, asked):
        return {"channel": {"id": asked["channel"], "name": "general"}}

    def _conversations_history(self, asked):
        """A page of the channel's messages, the latest first."""
        shown, at = super()._conversations_history(asked)["messages"], int(asked.get("cursor") or 0)
        more = at + self.page < len(shown)
        cursor = {"next_cursor": str(at + self.page) if more else ""}
        return {"messages": shown[at : at + self.page], "has_more": more, "response_metadata": cursor}

    def _conversations_replies(self, asked):
        return self._conversations_history(asked)

    def _reactions_add(self, asked):
        if asked["name"] in self.reactions:
            return {"ok": False, "error": "already_reacted"}
        self.reactions.add(asked["name"])
        return {}

    def _files_getUploadURLExternal(self, asked):  # noqa: N802
        return {"upload_url": f"{self.url}bytes", "file_id": "F01"}

    def _files_completeUploadExternal(self, asked):  # noqa: N802
        self.uploads.append(asked)
        shown = {"channel": asked["channel_id"], "ts": f"{self.now():.6f}", "text": "", "files": [{"id": "F01"}]}
        self.messages.append(shown)
        return {"files": []}


class Waits:
    """Stands for the end of the desk: every wait is noted, and over at once."""

    def __init__(self):
        self.lengths = []

    def wait(self, seconds):
        self.lengths.append(seconds)
        return False


def typed(text="!incident", **event):
    """A message as Errbot hands it over."""
    slack_event = {"channel": GENERAL, "user": ALICE, "ts": "1795470990.000001", "text": text} | event
    return SimpleNamespace(extras={"slack_event": slack_event})
