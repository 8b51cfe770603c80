"""Reads which command a line of chat means, however its words are written, ordered or misspelt."""

import re

from msgspec.structs import replace

from opsdesk.commands.courtesies import courteous, polite, without_leave
from opsdesk.commands.first_words import is_named, is_typed, named, nearly_named, opens
from opsdesk.commands.guesses import guessed
from opsdesk.commands.guesses.counted import counts_typed
from opsdesk.commands.known import KnownLines
from opsdesk.commands.line import ARTICLES, SHOWING, Line
from opsdesk.commands.meanings import OF_ONE, Question, Reading, groups, of_a_day, question
from opsdesk.commands.offers import answered, offered
from opsdesk.commands.put_right.abbreviations import in_full, with_numbers
from opsdesk.commands.put_right.another import change_of, or_another, said_as
from opsdesk.commands.put_right.as_typed import as_typed
from opsdesk.commands.put_right.corrections import corrected
from opsdesk.commands.put_right.digits import in_digits
from opsdesk.commands.put_right.doing import being_done
from opsdesk.commands.put_right.slips import is_command_word
from opsdesk.commands.sentences.about_shifts import about_a_shift, reads_as_typed
from opsdesk.commands.sentences.ahead import ORDERING, ahead
from opsdesk.commands.sentences.giving import given_to_nobody
from opsdesk.commands.sentences.hearsay import quoted, unquoted
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.commands.sentences.several import each_of, of_another, several, two_of
from opsdesk.commands.sentences.supposed import kept, supposed
from opsdesk.commands.sentences.trouble_told import opened_of
from opsdesk.commands.sentences.understood import is_only_begun, likely, opening_told, understood
from opsdesk.commands.sentences.unsure import without_doubt
from opsdesk.commands.vocabulary import Risk
from opsdesk.commands.word_lists.lexicon import is_word_of_sentences
from opsdesk.commands.word_lists.sayings import FIRST, LAST
from opsdesk.patterns import regex
from opsdesk.text import reference

_known = KnownLines()
ASKING = ("me", "how", "are", "is", "many", "what", "about", "doing")  # may stand around what is asked for
OOPS = ("oops", "whoops", "oopsie", "nvm", "nevermind")
GREETINGS = ("hi", "hello", "hey", "yo", "morning")
PLEASE = regex(r"(?<![,\s?!.])[,\s?!.]*+(?:\b(?:please|pls|doing)\b)?[\s?!.]*+\Z", re.IGNORECASE)


def read(typed: str, *, called: bool = True) -> Reading | Question | None:
    """Return the command that `typed` means, a question where that is not sure, None where it means none.

    Without being `called` (by "!" or by name) a change has to be typed exactly, with an incident's number or its
    group: what people say in a direct message may well begin with "done".
    """
    if known := _known.meant(typed, called=called):
        return known
    meant = _anew(typed, called=called)
    _known.keep(typed, meant, called=called)
    return meant


def _anew(typed: str, *, called: bool) -> Reading | Question | None:
    if answer := answered(typed):
        return answer
    if counts := counts_typed(typed):
        return question(("stats_record",), counts)
    if (bare := without_leave(typed)) != typed:
        return _only_asked(_anew(bare, called=called))
    typed = with_numbers(typed)
    line, full = Line(typed), in_full(typed)
    meant, at = _read(typed, called=called, line=line), _start(line)
    if not change_of(meant):  # what stands in its text is left as it is
        meant = (_read(full, called=called) if full != typed else None) or meant
    if opens(meant, line, at):
        return meant
    meant = _once_put_right(meant, typed, full) if called else meant
    return meant if is_typed(meant, typed, line, at) else _likeliest(typed, meant, called=called)


def _once_put_right(meant: Reading | Question | None, typed: str, full: str) -> Reading | Question | None:
    """Return what a line means once its words are put right, where it is not sure or then asked about."""
    if (right := corrected(full)) == full:
        return meant
    if change_of(meant):
        return as_typed(_asked_put_right(right), right, full) or meant
    if _is_sure(meant, typed):
        return as_typed(_narrowed(meant, right), right, full) or meant
    return as_typed(_only_asked(_read(right, called=True)), right, full) or meant


def _likeliest(typed: str, meant: Reading | Question | None, *, called: bool) -> Reading | Question | None:
    """Return what a line is likeliest to mean, its numbers as digits; a change that only those make is asked about."""
    digits = in_digits(typed)
    change = change_of(meant)
    if digits != typed and (not change or (change.name != "incident_open" and reference(change.text)[0] is None)):
        meant = _only_asked(_read(digits, called=True))
    return of_a_day(guessed.guessed(digits, meant, called=called))


def _is_sure(meant: Reading | Question | None, typed: str) -> bool:
    """Return whether more is understood of a line than that it is about somebody, or about an incident."""
    if isinstance(meant, Question):
        return [one.name for one in meant.offers] != ["incident_update", "incident_note"]
    if meant is None or meant.name != "whois":
        return meant is not None
    line = Line(typed)
    return groups().get(line.phrase(polite(line), 1)) == "whois"  # whose names are no words of the desk's


def _narrowed(meant: Reading | Question | None, right: str) -> Question | None:
    """Return the one command of several that is meant with the words put right: "post the sumary" is no export."""
    offers = meant.offers if isinstance(meant, Question) else ()
    if len(offers) == 1 or len({offer.text for offer in offers}) != 1:
        return None
    change = change_of(_read(right, called=True))
    return question((change.name,), change.text) if change and change.name in [one.name for one in offers] else None


def _asked_put_right(right: str) -> Question | None:
    """Return what is asked about a change once its words are put right: "close 12 tomorow" is not done today."""
    asked = _read(right, called=True)
    return asked if isinstance(asked, Question) else None


def _only_asked(meant: Reading | Question | None) -> Reading | Question | None:
    """Return what is meant; asked about where that changes anything."""
    change = change_of(meant)
    return question((change.name,), change.text) if change else meant


def _read(typed: str, *, called: bool, line: Line | None = None) -> Reading | Question | None:
    line = Line(typed) if line is None else line
    at = _start(line)
    said = Sentence(line.behind(at))
    meant = of_a_day(_meant(line, at, said))
    if meant is None or (line.word(at) in GREETINGS and len(line) > at + 1):
        meant = _later_clause(said) or meant or _first_clause(line, at)
    if line.word(at) in OOPS and not isinstance(meant, Question) and not change_of(meant):
        return question(("undo",), "")
    if _gives_way(meant):
        meant = supposed(said) or meant or kept(said)
    if isinstance(meant, Question):
        return replace(meant, gives_way=False)
    if (change := change_of(meant)) and (inside := unquoted(typed)) != typed:
        return quoted(read(inside, called=called))
    if change:
        meant = several(change, said) or of_another(change) or given_to_nobody(change, said)
        meant = meant or two_of(change, _change_in) or each_of(change, said, _change_in)
        meant = meant or ahead(change, line, at, said) or or_another(change, line, at, said)
        meant = (None if isinstance(meant, Question) else _doubted(change, said, typed)) or meant
    if called or not isinstance(meant, Reading) or _is_plain(meant, line, at):
        return meant
    return question((meant.name,), meant.text)


def _change_in(clause: str) -> Reading | None:
    """Return the change that a part of a line means by itself."""
    return change_of(_meant(Line(clause), 0))


def _doubted(change: Reading, said: Sentence, typed: str) -> Reading | Question | None:
    """Return the question about a change that is hedged or odd: "oops close 12", "close 12, wait"."""
    rest = without_doubt(change, said, is_asked=not typed.casefold().lstrip().startswith(ORDERING))
    if rest is None:
        return None
    again = change_of(_read(rest, called=True)) if rest != said.text else None
    return _only_asked(again if again and again.name == change.name else change)


def _later_clause(said: Sentence) -> Reading | Question | None:
    """Return what is asked for behind a greeting, an excuse or the like; asked about where it changes anything."""
    for behind in said.later_clauses():
        later = Line(behind)
        meant = opened_of(of_a_day(_meant(later, polite(later))), said.text.removesuffix(behind))
        if meant and not _is_of_this(meant, said, behind):
            return meant if isinstance(meant, Reading) and meant.name == "undo" else _only_asked(meant)
    return None


def _is_of_this(meant: Reading | Question, said: Sentence, behind: str) -> bool:
    """Return whether a clause speaks of "it" whose number is in another one: "12 is worse, phoenix has it too"."""
    is_unnumbered = isinstance(meant, Reading) and meant.name in OF_ONE and reference(meant.text)[0] is None
    return is_unnumbered and bool(said.numbers) and not Sentence(behind).numbers


def _first_clause(line: Line, at: int) -> Reading | Question | None:
    """Return what the first clause asks for, with an explanation behind it; asked about where it changes anything."""
    said = Sentence(line.behind(at))
    if not said.pieces or said.clause(0).stop >= len(said.pieces):
        return None
    first = Line(said.text[: said.pieces[said.clause(0).stop - 1].end])
    meant = of_a_day(_meant(first, 0))
    return _only_asked(meant)


def is_known_word(word: str) -> bool:
    """Return whether it is a word of a command or of sentences."""
    return is_command_word(word) or is_word_of_sentences(word)


def means_something(typed: str) -> bool:
    """Return whether there is a command or a question that `typed` is read as."""
    line = Line(typed)
    return (answered(typed) or _meant(line, polite(line))) is not None


def _meant(line: Line, at: int, said: Sentence | None = None) -> Reading | Question | None:
    """Return what the line means from the word `at` on: what is `said` there, as a sentence, where that is at hand."""
    said = said or Sentence(line.behind(at))
    if not is_named(line, at) and (meant := said_as(line, at, FIRST)) and _is_said_first(meant, said):
        return meant
    meant = named(line, at)
    if isinstance(meant, Reading) and meant.name in ("oncall_swap", "oncall_cover") and not reads_as_typed(meant):
        meant = about_a_shift(said) or meant
    if is_only_begun(meant):
        meant = understood(said) or understood(Sentence(shown(said.text))) or meant
    if not _changes(meant, said) and said.comes_first:
        meant = _of_its_group(understood(said), line, at) or meant
    if _gives_way(meant):
        meant = (
            nearly_named(line, at, of_sentences=False)
            or _of_its_group(_understood(said), line, at)
            or meant
            or offered(line.behind(at))
            or being_done(line, at)
            or said_as(line, at, LAST)
            or (nearly_named(line, at) if is_word_of_sentences(line.word(at)) else None)
            or opening_told(said)
        )
    return (likely(said) or meant) if _gives_way(meant) else meant


def _is_said_first(meant: Reading | Question, said: Sentence) -> bool:
    """Return whether a saying is what it is: of those about whoever comes next "bob's next shift" and "drop note 2"."""
    is_own = isinstance(meant, Reading) and (meant.name == "oncall_when" or meant.text.startswith("undo "))
    return is_own or not said.has("handover")


def _understood(said: Sentence) -> Reading | Question | None:
    """Return what is understood of a sentence; "the login page is blank" asks for nobody."""
    meant = understood(said)
    is_asked = isinstance(meant, Reading) and meant.spoken.group == "whois"
    return (opening_told(said) if is_asked else None) or meant


def _of_its_group(meant: Reading | Question | None, line: Line, at: int) -> Reading | Question | None:
    """Return what a sentence means, but for another group's change where a command's group stands at its beginning."""
    group = groups().get(line.phrase(at, 1))
    is_other = isinstance(meant, Reading) and meant.spoken.group != group and meant.spoken.risk is not Risk.READS
    return None if group and is_other else meant


def _changes(meant: Reading | Question | None, said: Sentence) -> bool:
    return isinstance(meant, Reading) and meant.spoken.risk is not Risk.READS and not said.has("handover")


def _gives_way(meant: Reading | Question | None) -> bool:
    return meant is None or (isinstance(meant, Question) and meant.gives_way)


def shown(typed: str) -> str:
    """Return what is asked for, without the words around it: "show me the check-ins, please" is "check-ins"."""
    line = Line(typed)
    at = polite(line)
    while line.word(at) in (*SHOWING, *ARTICLES, *ASKING):
        at += 1
    return PLEASE.sub("", line.behind(at))


def _greeted(line: Line, at: int) -> int:
    """Return the place behind a greeting that something means more behind: "hi, close 12"."""
    if line.word(at) not in GREETINGS or len(line) <= at + 1 or said_as(line, at, FIRST):
        return at
    behind = polite(Line(line.behind(at + 1))) + at + 1
    return behind if _meant(line, behind) else at


def _addressed(line: Line, at: int) -> int:
    """Return the place behind the desk's name where what is to be shown is named behind it: "desk, incident list"."""
    if line.word(at) != "desk" or is_named(line, at):
        return at
    meant = named(line, at + 1)
    return at + 1 if isinstance(meant, Reading) and meant.spoken.risk is Risk.READS else at


def _start(line: Line) -> int:
    """Return the place behind the courtesies, greetings and the desk's name that a line begins with."""
    return courteous(line, _addressed(line, _greeted(line, polite(line))))


def _is_plain(meant: Reading, line: Line, at: int) -> bool:
    """Return whether a change is meant for sure by somebody who only talks to the desk."""
    if meant.spoken.risk is Risk.READS or reference(meant.text)[0] is not None:
        return True
    names_group = any(line.phrase(at, many) in groups() for many in (1, 2))
    return not meant.taken and (names_group or Sentence(line.behind(at)).names_a_subject)
