"""The chat on Slack: every call is confirmed by Slack, or raises SendError with Slack's reason."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import wait
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from opsdesk import guard
from opsdesk.chat import Command, Message, MessageRef, Panel, Person, Place, Reply, SendError, SentMessage
from opsdesk.errors import UserError
from opsdesk.slack import mrkdwn
from opsdesk.slack.api import Metadata, SlackWeb, metadata_of
from opsdesk.slack.aside import Aside
from opsdesk.slack.asked import asked_in
from opsdesk.slack.confirmed import confirmed, why
from opsdesk.slack.events import LATE, Event, event_of, is_direct, thread_for_answer, thread_of, typed_at, typed_in
from opsdesk.slack.history import history
from opsdesk.slack.lookups import Answer, can_act, name_in
from opsdesk.slack.messages import Messages
from opsdesk.slack.own import OwnMessages, sent_at
from opsdesk.slack.private import tell_of_private_data
from opsdesk.slack.shown import shown
from opsdesk.slack.uploads import FileToShow, on_disk, upload, whole_answer
from opsdesk.workers import Workers

log = logging.getLogger(__name__)

LONGEST_TOPIC = 250
NAMES_WITHIN = 1.0  # seconds
WHOLE = "the whole answer is in the file below"


class SlackChat:
    """Posts mrkdwn as it is written, and notifies nobody but by `chat.mention`.

    Answers to commands are retried; `tell_admins` is called with those that could not be sent. `refused` is called
    with each command that could not be done as it was typed.
    """

    confirms = True
    edits = True
    reads_back = True
    trusts_everybody = False
    takes_emoji = True

    def __init__(
        self,
        web: SlackWeb,
        *,
        tell_admins: Callable[[str], None] = log.error,
        refused: Callable[[Event], None] = lambda event: None,
        can_act: Callable[[Answer], bool] = can_act,
    ) -> None:
        self._patient, self._impatient = web, web.without_retries()
        self._tell_admins, self._refused, self._can_act = tell_admins, refused, can_act
        self._rooms_of: dict[str, str] = {}
        self.gaps = 0
        self._own = OwnMessages(self._impatient, self._posted, tell_admins)
        self._workers = Workers(8, "names")
        self._messages = Messages(self._written, tell_admins)
        self._aside = Aside(self._impatient, self._post_patiently, self._room_of, self._name)

    def command(self, message: Any, text: str, at: datetime) -> Command:
        """Return the command, of when it was typed, never of later than `at`; people and rooms by their Slack ids."""
        event, asked = event_of(message), asked_in(event_of(message))
        if not asked:
            self._workers.do(partial(tell_of_private_data, self._impatient, event))
        room = str(event["channel"])
        by = Person(id=str(event["user"]), name=self._name(str(event["user"])))
        place = Place(thread=thread_of(event)) if is_direct(room) else self._place(room, thread_of(event))
        more = {"form": asked.form, "seen": asked.seen} if asked else {"ts": str(event["ts"])}
        return Command(guard.clean(text), by, place, min(at, typed_at(event)), late=event.get(LATE) is True, **more)

    def answer(self, message: Any, reply: Reply, *, refused: bool = False) -> None:
        """Post the answer where the command was typed, a long one in a thread there; wait when Slack asks to."""
        event = event_of(message)
        if asked_in(event):
            self._answer_aside(event, reply, refused=refused)
            return
        if refused:
            self._refused(event)
        text = mrkdwn.write(reply.text, self._name)
        room, thread = str(event["channel"]), thread_for_answer(event, text, stays=bool(reply.posted))
        try:
            written, metadata = mrkdwn.shorten(text, WHOLE), metadata_of(reply.key)
            posted = self._post(self._patient, room, written, thread, metadata, reply.panel)
        except SendError as unsent:
            self._report_missing(event, reply.text, unsent)
            return
        if reply.posted:
            self._hand_on(event, reply.posted, posted)
        if len(text) > mrkdwn.LONGEST:
            self._send_whole(event, thread, reply.text)
        if reply.file:
            self._send_file(event, thread, on_disk(reply.file), reply.title)

    def show_buttons(self, shown: bool) -> None:
        """Show messages with their buttons from now on, or without."""
        self._messages.has_buttons = shown

    def whisper(self, event: Event, text: str, *, written: bool = False) -> None:
        """Tell whoever asked by that event, and nobody else; a `written` text is mrkdwn already."""
        try:
            (self._aside.say if written else self._aside.whisper)(event, text)
        except SendError as unsent:
            self._report_missing(event, text, unsent)

    def person(self, named: str) -> Person | None:
        """Return the person that "@bob" or a mention (`<@U012AB>`) names.

        None for nobody, for several people, and for whoever can do nothing here: the desk, an app, a guest, a stranger,
        or somebody who is gone or was never heard of.
        """
        lookups, mentioned = self._patient.lookups, guard.PERSON.fullmatch(named)
        users = [lookups.user(mentioned[1])["user"]] if mentioned else lookups.named(named.removeprefix("@"))
        found = [user for user in users if user["id"] != lookups.me() and self._can_act(user)]
        return Person(id=str(found[0]["id"]), name=name_in(found[0])) if len(found) == 1 else None

    def post(
        self,
        room: str,
        text: str,
        *,
        thread: str = "",
        key: str = "",
        record: str = "",
        version: str = "",
        panel: Panel | None = None,
    ) -> MessageRef:
        """Post a message, cut to what can be edited as one."""
        metadata = metadata_of(key, record, version)
        return self._post(self._impatient, room, mrkdwn.shorten(self._written(text)), thread, metadata, panel)

    def reply(self, below: MessageRef, text: str) -> None:
        """Post a message in the thread of another, with retries; tell the admins if it could not be sent."""
        self.answer_below(below, Reply(text))

    def answer_below(self, below: MessageRef, reply: Reply) -> None:
        """Post an answer in the thread of a message, with retries; tell the admins if it could not be sent."""
        text, written = reply.text, mrkdwn.shorten(mrkdwn.write(reply.text, self._name))
        try:
            room = self._room_of(below.room) if mrkdwn.SLACK_ID.fullmatch(below.room) else below.room
            posted = self._post(self._patient, room, written, below.thread or below.ts, None, reply.panel)
        except SendError as unsent:
            place = self._place(below.room, "").name
            self._tell_admins(f"What belongs into a thread in {place} may be missing: {why(unsent)} It is: {text}")
            return
        if reply.posted:
            reply.posted(posted)

    def tell(self, person: str, text: str, **more: Any) -> MessageRef:
        """Send a direct message to the user with this id."""
        return self.post(self._room_of(person), text, **more)

    def tell_admins(self, text: str) -> None:
        """Queue `text` for the admins, and return at once."""
        self._tell_admins(text)

    def edit(self, posted: MessageRef, text: str, *, panel: Panel | None = None, **labels: str) -> None:
        """Replace the text of a message; Slack keeps its metadata where none comes with the edit."""
        written, metadata = mrkdwn.shorten(self._written(text)), metadata_of(**labels)
        self._messages.edit(self._impatient, posted.room, posted.ts, written, metadata, panel)

    def delete(self, posted: MessageRef) -> None:
        """Delete a message of the desk's own, which may be gone already."""
        with confirmed("message_not_found"):
            self._impatient.chat_delete(channel=posted.room, ts=posted.ts)

    def react(self, posted: MessageRef, emoji: str) -> None:
        """Put an emoji on a message, which may have it already."""
        with confirmed("already_reacted"):
            self._impatient.reactions_add(channel=posted.room, timestamp=posted.ts, name=emoji)

    def unreact(self, posted: MessageRef, emoji: str) -> None:
        """Take the desk's own emoji off a message, which may not have it."""
        with confirmed("no_reaction"):
            self._impatient.reactions_remove(channel=posted.room, timestamp=posted.ts, name=emoji)

    def upload(self, room: str, file: Path, *, title: str, thread: str = "") -> None:
        """Show a file in a room."""
        upload(self._impatient, room, on_disk(file), title, thread)

    def find(
        self, room: str, key: str, since: datetime, until: datetime | None = None, *, thread: str = ""
    ) -> Sequence[SentMessage]:
        """Return the desk's messages with this key in a room, in a thread of it, or to a user by id; oldest first."""
        channel = self._room_of(room) if mrkdwn.SLACK_ID.fullmatch(room) else room
        with confirmed():
            return self._own.find(channel, key, since, until, thread)

    def sent_at(self, posted: MessageRef) -> datetime | None:
        """Return when a message was sent, by Slack's clock, which its ts tells."""
        return sent_at(posted.ts)

    def history(self, room: str, since: datetime, *, thread: str = "") -> Sequence[Event]:
        """Return what others sent to a room, or to a thread in it, since then, as Slack has it."""
        own = self._patient.lookups.me()
        messages: list[Event] = []
        with confirmed("thread_not_found"):
            messages = history(self._impatient, room, since, thread)
        return [one for one in messages if not own or one.get("user") != own]

    def link(self, room: str, ts: str, *, thread: str = "") -> str:
        """Return the permalink of a message; "" if Slack does not tell the workspace's address."""
        return self._patient.link(room, ts, thread)

    def topic(self, room: str, text: str) -> None:
        """Set a channel's topic, cut to what Slack takes."""
        with confirmed():
            self._impatient.conversations_setTopic(channel=room, topic=text[:LONGEST_TOPIC])

    def read(self, room: str, ts: str) -> Message | None:
        """Return a message as it stands, in a thread or not; None if it is gone."""
        at = datetime.fromtimestamp(float(ts), UTC)
        with confirmed("thread_not_found", "message_not_found"):
            for message in self._impatient.messages(room, at - timedelta(seconds=1), ts):
                if message["ts"] == ts:
                    return shown(message, at, self._patient.lookups)
        return None

    def _written(self, text: str) -> str:
        """Return `text` as mrkdwn. Whose name is not known within a second is named by id: a post must not be late."""
        asked = {user: self._workers.do(partial(self._name, user)) for user, _ in set(guard.PERSON.findall(text))}
        named = wait(asked.values(), NAMES_WITHIN).done
        return mrkdwn.write(text, lambda user: asked[user].result() if asked[user] in named else user)

    def _post(
        self, web: SlackWeb, room: str, text: str, thread: str, metadata: Metadata | None, panel: Panel | None = None
    ) -> MessageRef:
        return self._posted(room, self._messages.post(web, room, text, thread, metadata, panel), thread)

    def _post_patiently(self, room: str, text: str, thread: str, key: str, panel: Panel | None) -> MessageRef:
        return self._post(self._patient, room, text, thread, metadata_of(key), panel)

    def _answer_aside(self, event: Event, reply: Reply, *, refused: bool) -> None:
        try:
            posted = self._aside.answer(event, reply, refused=refused)
        except SendError as unsent:
            self._report_missing(event, reply.text, unsent)
            return
        if posted and reply.posted:
            self._hand_on(event, reply.posted, posted)
        if reply.file:
            self._send_file(
                {**event, "channel": self._room_of(str(event["user"]))}, "", on_disk(reply.file), reply.title
            )

    def _send_whole(self, event: Event, thread: str, text: str) -> None:
        self._send_file(event, thread, whole_answer(guard.disarm(text, self._name)))

    def _send_file(self, event: Event, thread: str, file: FileToShow, title: str = "") -> None:
        try:
            upload(self._patient, str(event["channel"]), file, title or file.name, thread)
        except SendError as unsent:
            self._report_missing(event, f"(the file {file.name})", unsent)

    def _hand_on(self, event: Event, keep: Callable[[MessageRef], None], posted: MessageRef) -> None:
        """Pass the proof of an answer on; tell the admins if it cannot be stored, since the answer is there."""
        try:
            keep(posted)
        except UserError as refusal:
            self._tell_admins(
                f"{self._asked(event)} and has the answer, but where it stands could not be kept, so that nothing in "
                f"its thread or on it is followed: {refusal}"
            )

    def _report_missing(self, event: Event, text: str, unsent: SendError) -> None:
        """Tell the admins which answer is missing."""
        self._tell_admins(f"{self._asked(event)} and may have no answer: {why(unsent)} The answer is: {text}")

    def _asked(self, event: Event) -> str:
        """Return who typed what, and where."""
        who, room = self._name(str(event["user"])), str(event["channel"])
        place = self._place(room, "").name if room else "a direct message"
        return f'{who} typed "{typed_in(event)}" in {place}'

    def _room_of(self, person: str) -> str:
        if person not in self._rooms_of:
            with confirmed():
                answer = self._impatient.conversations_open(users=person)
            self._rooms_of[person] = str(answer["channel"]["id"])
        return self._rooms_of[person]

    def is_shared(self, room: str) -> bool:
        """Return whether a channel is shared with another workspace that is none of the same Enterprise."""
        return bool(self._patient.lookups.conversation(room)["channel"].get("is_ext_shared"))

    def _place(self, room: str, thread: str) -> Place:
        channel = self._patient.lookups.conversation(room)["channel"]
        name = "a direct message" if channel.get("is_im") else f"#{guard.name(guard.clean(channel['name']), room)}"
        return Place(room=room, name=name, thread=thread)

    def _posted(self, room: str, ts: str, thread: str) -> MessageRef:
        return MessageRef(room=room, ts=ts, thread=thread, permalink=self.link(room, ts, thread=thread))

    def _name(self, user: str) -> str:
        return self._patient.lookups.name(user)
