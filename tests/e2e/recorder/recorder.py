"""Writes down what reaches a plugin, and does commands that tests can hold up."""

import json
import os
import time
from pathlib import Path

from errbot import BotPlugin, botcmd

from opsdesk.chat.chat import MessageRef, SendError

RECORD, HOLD = Path(os.environ["RECORD"]), Path(os.environ["RECORD"] + ".hold")


def _write(**what):
    with RECORD.open("a", encoding="utf-8") as record:
        record.write(json.dumps(what) + "\n")


class Recorder(BotPlugin):
    """Writes down messages, reactions, and its own end."""

    def deactivate(self):
        _write(what="deactivated")
        super().deactivate()

    def callback_message(self, message):
        event = message.extras["slack_event"]
        titles = [attachment.get("title") for attachment in message.extras["attachments"] or ()]
        _write(what="message", body=message.body, ts=event["ts"], edited=message.extras.get("edited"), titles=titles)

    @botcmd
    def count(self, message, args):
        """Say how often this was asked."""
        _write(what="ran", args=args)
        return f"ran {args}"

    @botcmd
    def hold(self, message, args):
        """Answer once the file beside the record is gone."""
        _write(what="held", args=args)
        while HOLD.exists():
            time.sleep(0.01)
        return f"held {args}"

    @botcmd
    def mark(self, message, args):
        """Put an emoji on a message of this channel, or take it off: !mark on 1795470990.000001"""
        chat, (way, ts) = self._bot.desk_chat(), args.split()
        change = chat.react if way == "on" else chat.unreact
        try:
            change(MessageRef(message.extras["slack_event"]["channel"], ts), "eyes")
        except SendError as unsent:
            return f"not {way}: {unsent.reason}"
        return f"{way} it is"
