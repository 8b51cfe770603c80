"""What a sentence means that opens an incident: "we have a new problem, lorota gives errors"."""

from opsdesk.commands.meanings import Question, Reading, either, question
from opsdesk.commands.sentences.about_alerts import names_an_alert
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.commands.sentences.trouble_told import tells_of_trouble
from opsdesk.commands.word_lists.lexicon import words_in
from opsdesk.commands.word_lists.titles import graded, title_of

BARE = ("new", "open")  # an opening where a colon stands behind it
MOST_WORDS, FEWEST = 4, 3  # of an alert that is named; of a title before an order
LEADING = words_in("know knows that to should be aware please of for about is are the on in with from")


def opened(said: Sentence) -> Reading | Question | None:
    """Return the opening in "we have a new problem, lorota gives errors": a word for it, and what behind it stands."""
    if asked := _ordered(said):
        return asked
    verb = said.first("open")
    if verb is None or said.is_question or is_doubted_before(said, verb):
        return None
    of_alert = bool(said.numbers) and said.numbers[0] < verb and names_an_alert(said)
    if of_alert and _is_only_a_severity(said, verb):
        return None
    for at, piece in enumerate(said.pieces[verb : verb + 4], verb):
        if piece.sev:
            return _opening(said, at, of_alert=of_alert)
        if "incident" in piece.ideas and said.is_of_alert(at + 1):
            return None
        if (at > verb and "incident" in piece.ideas) or (
            at == verb and piece.words in BARE and said.text[: piece.end].endswith(":")
        ):
            return _opening(said, at + 1, of_alert=of_alert)
        if piece.is_content and at > verb:
            return None
    return None


def _ordered(said: Sentence) -> Reading | Question | None:
    """Return the opening that is ordered behind what it is of; a question where no trouble is told of."""
    title = graded(said.text)
    is_told = title != said.text and not said.numbers and len(title.split()) >= FEWEST
    if not is_told or " --sev " in title or said.has("if", "maybe", "resolve", "reopen"):
        return None
    return Reading("incident_open", title) if tells_of_trouble(title) else question(("incident_open",), title)


def _is_only_a_severity(said: Sentence, at: int) -> bool:
    """Return whether no title stands behind the piece `at`."""
    return all(said.pieces[name].words.isdigit() for name in said.names() if name > at)


def is_doubted_before(said: Sentence, verb: int) -> bool:
    return any(piece.ideas & {"not", "if", "maybe"} for piece in said.pieces[:verb])


def _opening(said: Sentence, at: int, *, of_alert: bool) -> Reading | Question | None:
    """Return the opening with the title that begins at the piece `at`; a question where that may be an alert's."""
    title = title_of(without_lead(said.between(at, len(said.pieces))))
    meant = Reading("incident_open", title)
    if title and of_alert:
        return either(Reading("alerts_open", f"{said.pieces[said.numbers[0]].number}"), meant)
    number = said.pieces[-1].number
    if number is not None and len(said.pieces) - at <= MOST_WORDS and "alert" in said.pieces[-2].ideas:
        return either(Reading("alerts_open", f"{number}"), meant)
    return meant if title else None


def without_lead(text: str) -> str:
    """Return a text without the small words that join it to what stands before it."""
    words = text.split()
    while words and words[0].casefold().strip(":,") in LEADING:
        text = text[len(words[0]) :].lstrip(" \t:,")
        words = text.split()
    return text
