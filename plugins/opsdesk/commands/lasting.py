"""What `!undo` leaves alone: the commands that change something else than it takes back, and what does it instead."""

import re

import msgspec

from opsdesk.commands.vocabulary import Spoken
from opsdesk.patterns import regex

ANY = ""
BY_ONCALL_UNDO = "`!oncall undo` takes it back"


class Lasting(msgspec.Struct, frozen=True):
    """What to do instead of `!undo`, and what must be typed behind the command for it to change that at all."""

    instead: str
    typed: str = ANY

    def is_meant_by(self, text: str) -> bool:
        """Return whether the command changes what `!undo` leaves alone, with `text` behind it."""
        return regex(self.typed, re.IGNORECASE).search(text) is not None


LASTING = {
    "alerts_mute": Lasting("`!alerts unmute` with its number ends it"),
    "alerts_unmute": Lasting("`!alerts mute` with its number and a time mutes it again"),
    "alerts_undo": Lasting("type anew what it took back"),
    "incident_snooze": Lasting("another `!incident snooze`, such as for 1m, takes its place"),
    "watch_off": Lasting("`!watch on` ends it"),
    "watch_on": Lasting("`!watch off` turns it off again"),
    "summary_post": Lasting("what went out stays out"),
    "summary_note": Lasting("type the note anew", typed=r"^\s*undo(?:\s+#?\d{1,4})?\s*$"),
    "summary_skip": Lasting("`!summary resume` with the day takes it back"),
    "summary_resume": Lasting("`!summary skip` with the day leaves it out again"),
    "stats_record": Lasting("`!stats record` with the number keeps it again", typed=r"\bnone\b"),
    "oncall_calendar": Lasting("links that were replaced stay so", typed=r"\S"),
    "oncall_swap": Lasting(BY_ONCALL_UNDO),
    "oncall_cover": Lasting(BY_ONCALL_UNDO),
    "oncall_accept": Lasting(BY_ONCALL_UNDO),
    "oncall_decline": Lasting("whoever asked was told, and can ask again"),
    "oncall_take": Lasting(BY_ONCALL_UNDO),
    "oncall_undo": Lasting("`!oncall swap` and `!oncall cover` make a new agreement"),
    "shift_accept": Lasting("it stays accepted; `!oncall swap` and `!oncall cover` hand a shift on"),
    "desk_try": Lasting("what was sent is not unsent"),
    "desk_board": Lasting("`!desk board` gives a new link", typed=r"\S"),
}


def instead_of_undo(spoken: Spoken, text: str) -> str:
    """Return what is answered to an `!undo` that follows this command, "" where `!undo` knows by itself what to do."""
    lasting = LASTING.get(spoken.name)
    if lasting is None or not lasting.is_meant_by(text):
        return ""
    return f"Your last change is `{spoken.typed}`, which `!undo` leaves alone: {lasting.instead}. Nothing was changed."
