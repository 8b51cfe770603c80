"""What a sentence means that is about a subject: who is on call, how things stand, what was posted."""

import re

import msgspec

from opsdesk.commands.line import SHOWING, plainly
from opsdesk.commands.meanings import Question, Reading, question
from opsdesk.commands.sentences.openings import is_doubted_before, without_lead
from opsdesk.commands.sentences.parts import day_of, days_of, with_reason
from opsdesk.commands.sentences.pieces import Piece
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.commands.sentences.trouble_told import tells_of_trouble
from opsdesk.commands.vocabulary import SPOKEN, Risk
from opsdesk.commands.word_lists.lexicon import words_in
from opsdesk.patterns import regex

MOST_OF_A_NAME = 2  # words
MOST_WORDS = 4  # of what is asked about
SPARE = 1  # words that nothing explains, of a sentence that is still understood
COUNTED = ("clicked", "completed")  # what is counted of check-ins
EVERYTHING = ("production", "prod", "everything", "system", "systems", "list", "overview", "world", "all")


class Topic(msgspec.Struct, frozen=True):
    """A command, the ideas that a sentence about it speaks of, and those it doesn't.

    Each of `ideas` may be several with "|" between them. `takes` tells what stands behind the command: "" for
    nothing, "day", "about" for what is left of the sentence, "text" for what stands behind its words, "reason" for the
    day and what stands behind all of that.
    """

    name: str
    ideas: str
    takes: str = ""
    without: str = ""
    least: int = 0  # words that have to be left of the sentence
    put: str = ""


TOPICS = (
    Topic("undo", "undo", without="not if maybe is who what when why"),
    Topic("incident_metrics", "metrics", takes="day"),
    Topic("incident_export", "export", takes="day"),
    Topic("runbook", "runbook", takes="about", least=1),
    Topic("runbook", "runbook", without="where"),
    Topic("links", "link", takes="about"),
    Topic("stats_chart", "chart", takes="day"),
    Topic("summary_note", "handover", takes="text"),
    Topic("summary_notes", "handover", without="open"),
    Topic("summary_skip", "post skip", takes="reason"),
    Topic("summary_skip", "post not", takes="day", without="is skip"),
    Topic("summary_status", "post out", without="not if maybe my"),
    Topic("summary_status", "post when"),
    Topic("summary", "post", takes="day", without="open not note"),
    Topic("summary_notes", "what handed_over", without="not if"),
    Topic("incident_list", "how_many incident", takes="day"),
    Topic("alerts", "alert", takes="day", without="open"),
    Topic("stats", "counts", takes="day", without="not open"),
    Topic("stats", "check-ins how|how_many|what|is|can|normal", takes="day", without="not open resolve"),
    Topic("whois_escalate", "not answers", takes="about", least=1),
    Topic("whois_escalate", "who no_answer", takes="about", least=1),
    Topic("whois", "who reach|person|cure", takes="about", without="snooze", least=1),
    Topic("desk_status", "alive", without="open incident not"),
    Topic("oncall_next", "who next_one"),
    Topic("oncall_week", "schedule"),
    Topic("oncall_me", "when i oncall"),
    Topic("oncall_me", "my oncall"),
    Topic("oncall_when", "when oncall", takes="about", least=1),
    Topic("oncall", "oncall", takes="day", without="open not state incident"),
    Topic("oncall", "who there", takes="day"),
    Topic("oncall_swap", "swap", takes="about", least=1),
    Topic("oncall_cover", "can take shift", takes="text", without="not if"),
    Topic("summary", "what|where|how told", takes="day", without="not"),
    Topic("traces", "what broke", takes="about", without="open not incident if"),
    Topic("incident_search", "is|told|when before", takes="about", without="if open not", least=1),
    Topic("traces", "traces", takes="about", without="i open not incident"),
    Topic("incident_list", "resolved_ones", takes="day", without="not if", put="resolved"),
    Topic("incident_list", "my incident", put="mine"),
    Topic("incident_list", "what take|my", takes="about", without="open not if person shift swap", least=1),
    Topic("incident_list", "what my", without="shift swap oncall", put="mine"),
    Topic("incident_search", "search", takes="text"),
    Topic("runbook", "how|what cure", takes="about", least=1),
    Topic("whois", "person|reach", takes="about", without="open open_ones not if my snooze", least=1),
    Topic("whois", "who", takes="about", without="oncall open_ones incident not if", least=1),
    Topic("desk_help", "what can", without="open incident alert oncall post counts runbook link state"),
    Topic("desk_status", "there", without="what who open"),
)
# What each topic speaks of: of each of these sets one idea at least.
WANTED = {
    topic.ideas: tuple(frozenset(ideas.replace("_", " ").split("|")) for ideas in topic.ideas.split())
    for topic in TOPICS
}
OF_MONTHS = ("incident_metrics", "incident_export")  # that take one by its name
WEEKS = ("week", "this week", "next week")
INTO = words_in("for to in into on")  # the summary
OF_TROUBLE = ("links", "runbook", "whois", "whois_escalate")  # how something fails is not what they are of
OF_OTHERS = ("incident", "post", "reach", "person", "alert", "shift", "no answer", "told", "open", "take", "next one")
LASTING = words_in("since minutes minute min mins hour hours hrs")  # for how long it has been so
SPAN = regex(r"\b(?:last|past) (?:half an? |couple of |\w+ ?)?(?:hours?|hrs?|minutes?|mins?|min|h|m)\b", re.IGNORECASE)


def about_a_topic(said: Sentence) -> Reading | Question | None:
    """Return what a sentence without an incident's number asks for; None where nothing explains it."""
    is_counted = said.day and said.has("check-ins")
    if is_counted and all(not piece.is_content or "check-ins" in piece.ideas for piece in said.pieces):
        return Reading("stats", said.day)
    if said.day and said.has("who") and not said.names() and not said.has(*OF_OTHERS):
        return Reading("oncall_next" if said.day == "next week" else "oncall", said.day)
    noted = _noted(said)
    meant = next((meant for topic in TOPICS if (meant := _of(topic, said))), None)
    return noted or meant or _how_things_stand(said) or _what_is(said)


def _what_is(said: Sentence) -> Reading | None:
    """Return the search of the contacts for a thing that is asked for by its name: "what is lorota?"."""
    named = [at for at, piece in enumerate(said.pieces) if _is_left(piece)]
    others = {idea for piece in said.pieces for idea in piece.ideas}
    if not named or len(named) > MOST_OF_A_NAME or not {"what"} <= others <= {"what", "is"}:
        return None
    return Reading("whois", said.between(named[0], named[-1] + 1).rstrip(" ?!."))


def _noted(said: Sentence) -> Reading | None:
    """Return the note in "for tonight's summary: the backlog drains": the post, a colon, and the text behind it."""
    at = said.first("post")
    if not at or said.is_question or not said.text[: said.pieces[at].end].endswith(":"):
        return None
    before, text = said.pieces[:at], said.between(at + 1, len(said.pieces))
    if any(one.is_content and not one.ideas & {"note", "assign", "update"} for one in before):
        return None
    is_into = any(one.words in INTO or "note" in one.ideas for one in before)
    return Reading("summary_note", text) if is_into and text and not Sentence(text).is_question else None


def _of(topic: Topic, said: Sentence) -> Reading | Question | None:
    places = _places(topic, said)
    if places is None:
        return None
    if topic.takes == "text":
        return _with_text(topic, said, places)
    if topic.takes == "reason":
        return _with_reason(topic, said, places)
    if said.has_beside(places, *(one.replace("_", " ") for one in topic.without.split())):
        return None
    left = [at for at, piece in enumerate(said.pieces) if _is_left(piece) and at not in places]
    if topic.takes == "about":
        left = _about(topic, said, places, left)
        short = topic.least <= len(left) <= MOST_WORDS
        text = said.between(left[0], left[-1] + 1) if left else ""
        return _spoken(topic, f"{text}{_of_span(said) if topic.name == 'traces' else ''}") if short else None
    if _unexplained(topic, said, places, left) > (0 if topic.name == "undo" or "check-ins" in topic.ideas else SPARE):
        return None
    if topic.name == "oncall" and said.day in WEEKS:
        return Reading("oncall_next" if said.day == "next week" else "oncall_week", "")
    named = days_of(said) if topic.name in OF_MONTHS else day_of(said)
    return _spoken(topic, (named if topic.takes == "day" else "") or topic.put)


def _about(topic: Topic, said: Sentence, places: list[int], left: list[int]) -> list[int]:
    """Return the places of what is asked about: not how it fails, for how long, or what stands in another clause."""
    if topic.name == "traces":
        return [at for at in left if not _is_of_span(said, at)]
    if topic.name == "whois" and len(places) == 1:
        left = [at for at in left if at in said.clause(places[0])]
    if topic.name not in OF_TROUBLE:
        return left
    kept = [at for at in left if not tells_of_trouble(said.pieces[at].words) and said.pieces[at].words not in LASTING]
    kept = [at for at in kept if not said.pieces[at].words.isdigit()]
    return kept or left


def _with_text(topic: Topic, said: Sentence, places: list[int]) -> Reading | Question | None:
    if said.is_question and topic.name != "incident_search":
        return None
    shows = bool(said.pieces) and said.pieces[0].words in SHOWING
    if topic.name == "summary_note" and (shows or any(at < max(places) for at in said.names())):
        return None
    text = without_lead(said.between(max(places) + 1, len(said.pieces)))
    if topic.name == "summary_note" and plainly(next(iter(text.split()), "")) in ("note", "notes"):
        text = without_lead(text.partition(" ")[2])
    return _spoken(topic, text) if text else None


def _unexplained(topic: Topic, said: Sentence, places: list[int], left: list[int]) -> int:
    """Return how many words nothing explains: not the post's own time of day, nor "completed" before "how many"."""
    before = max(places) if topic.name == "stats" else 0
    ones = [said.pieces[at] for at in left if at >= before or said.pieces[at].words not in COUNTED]
    return sum(one.words not in EVERYTHING and (topic.name != "summary" or not one.is_time) for one in ones)


def _with_reason(topic: Topic, said: Sentence, places: list[int]) -> Reading | Question | None:
    """Return the command with the day that is named, and the reason behind it."""
    last = max(places)
    if said.is_question or any(at < last for at in said.names()) or is_doubted_before(said, last):
        return None
    named = next((at for at, piece in enumerate(said.pieces) if piece.day), 0)
    return _spoken(topic, with_reason(said, without_lead(said.between(max(last, named) + 1, len(said.pieces)))))


def _is_left(piece: Piece) -> bool:
    return piece.is_content and not piece.ideas


def _is_about(piece: Piece) -> bool:
    """Return whether a piece may be part of what is asked about: "the text message thing"."""
    return piece.is_content and piece.ideas <= {"reach"}


def _how_things_stand(said: Sentence) -> Reading | None:
    """Return the list of what is open, of all or of what is asked about."""
    about = [at for at, piece in enumerate(said.pieces) if _is_about(piece) and piece.words not in EVERYTHING]
    is_asked = said.is_question or said.is_request or not about
    if not said.has("open ones", "incident", "state") or not is_asked or len(about) > MOST_WORDS:
        return None
    if said.has("not", "if", "undo", "resolve"):
        return None
    named = said.between(about[0], about[-1] + 1).rstrip(" ?!.") if about else said.day
    return Reading("incident_list", "mine" if said.has("my") and not named else named)


def _of_span(said: Sentence) -> str:
    """Return how far back it is asked about: " in last hour", "" where nothing tells."""
    found = SPAN.search(said.text)
    return f" in {found[0]}" if found else ""


def _is_of_span(said: Sentence, at: int) -> bool:
    found = SPAN.search(said.text)
    return found is not None and found.start() <= said.pieces[at].start < found.end()


def _places(topic: Topic, said: Sentence) -> list[int] | None:
    """Return where the ideas of the topic stand; None where one is missing."""
    wanted = WANTED[topic.ideas]
    for ideas in wanted:
        if said.ideas.isdisjoint(ideas):
            return None
    return [at for ideas in wanted if (at := said.first(*ideas)) is not None]


def _spoken(topic: Topic, text: str) -> Reading | Question:
    done = SPOKEN[topic.name].risk.is_done_misspelt or topic.name == "undo"
    text = text.rstrip(" ?!.") if SPOKEN[topic.name].risk is Risk.READS else text
    return Reading(topic.name, text) if done else question((topic.name,), text)
