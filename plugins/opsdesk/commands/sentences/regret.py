"""What was done by mistake: answered with the command that takes it back."""

from opsdesk.commands.meanings import Question, question
from opsdesk.commands.sentences.sentence import Sentence

BACK = {"resolve": "incident_reopen", "reopen": "incident_resolve", "open": "incident_void"}
OTHERS = ("ack", "take", "assign", "change", "snooze", "title", "merge", "escalate")
OOPS = ("oops", "whoops")
IRREGULAR = ("gave", "took", "put", "set", "made")


def regretted(said: Sentence, number: str) -> Question | None:
    """Return what takes back "12 was closed by mistake", "oops, acked 12"; None where nothing done is regretted."""
    if not said.has("mistake", "too soon") and not (said.pieces and said.pieces[0].words in OOPS):
        return None
    known = {*BACK, *OTHERS, "mute"}
    done = next((piece for piece in said.pieces if _is_past(piece.words) and piece.ideas & known), None)
    if done is None:
        return None
    if said.has("alert") and not done.ideas & {"open"}:
        return question(("alerts_unmute" if "mute" in done.ideas else "alerts_undo",), number)
    name = next((back for idea, back in BACK.items() if idea in done.ideas), "undo")
    text = {"undo": "", "incident_void": f"{number} opened by mistake"}.get(name, number)
    return question((name,), text)


def _is_past(words: str) -> bool:
    return words.endswith("ed") or words in IRREGULAR
