"""What a line most likely means that is not surely understood: asked about with all it names, so that a yes does it.

What changes anything is only ever asked about. What is only shown is shown where nothing else is nearly as likely. What
was understood of the line by its words is kept unless something else is far likelier; it is offered as well then.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice

import msgspec
from msgspec.structs import replace

from opsdesk.commands.guesses import subjects
from opsdesk.commands.guesses.counted import counts_named
from opsdesk.commands.guesses.filled import filled
from opsdesk.commands.guesses.fitting import (
    BY_SUBJECT,
    COUNTED,
    GREETING,
    KEEPING,
    WITHOUT,
    is_denied,
    is_doubted,
    unfit,
)
from opsdesk.commands.guesses.likeness import TALK, likeness
from opsdesk.commands.guesses.not_so import not_so
from opsdesk.commands.meanings import Question, Reading, either
from opsdesk.commands.put_right.corrections import corrected
from opsdesk.commands.sentences.sentence import LONGEST, Sentence
from opsdesk.commands.vocabulary import GROUPS, Risk
from opsdesk.text import LIKE_THAT

LEAST = 0.25  # of a score, where no other is near
ASKED, SURE = 0.5, 0.75  # of a score: from here on it is asked about, or outweighs what was understood
ASKED_SURE = 0.65  # of a score, from which on what is asked in a question is shown
FEWEST, FEW = 2, 4  # words of a line that is guessed at, and of one that means what is understood of it all the same
CLOSE, FAR = 0.15, 0.35  # between two scores: both are asked about; one is hardly meant beside the other
MOST = 6  # of the likeliest that are looked at
SOMEBODY = ("someone", "somebody", "anyone", "anybody")
OF_DAYS = ("stats", "stats_chart", "summary", "oncall", "report", "incident_metrics")  # or of one counter
VAGUE = ["incident_update", "incident_note"]
ALIKE = (
    ("incident", "incident_show"), ("incident_update", "incident_note"), ("oncall", "oncall_next", "oncall_week"),
)  # fmt: skip
TALKED = 1.1  # of a score: no talk is as likely to mean a command
TWO = 2  # that are asked about


class Guess(msgspec.Struct, frozen=True):
    """A command as it would be typed, and how likely it is meant."""

    meant: Reading
    score: float

    @property
    def changes(self) -> bool:
        """Return whether it changes anything."""
        return self.meant.spoken.risk is not Risk.READS


def guessed(typed: str, meant: Reading | Question | None, *, called: bool) -> Reading | Question | None:
    """Return what a line most likely means, beside what is understood of it; that alone where nothing is likelier.

    Who has not `called` may only be talking: it has to be far likelier then.
    """
    return not_so(_guessed(typed, meant, called=called), typed)


def _guessed(typed: str, meant: Reading | Question | None, *, called: bool) -> Reading | Question | None:
    many, read = len(typed.split()), meant
    if isinstance(read, Reading) and read.name == "desk_help" and read.text and typed[:4].casefold() == "help":
        return read  # on whatever it is
    meant = subjects.narrowed(read) if isinstance(read, Reading) else read
    is_loose = meant is not read  # words stand behind it that are not asked about
    if len(typed) > LONGEST or "\n" in typed.strip() or many < FEWEST or (not is_loose and _is_settled(meant, many)):
        return meant
    said = Sentence(typed)
    if counts_named(typed) and COUNTED.search(typed) and not _is_change(meant):
        return _asked([Reading("stats_record", filled(said, "stats_record") or "")])
    scores = _scores(said)
    if _first(scores) == TALK:
        return _beside_talk(scores, meant)
    guesses = list(islice(_guesses(said, scores), MOST))
    if not guesses or not (called or guesses[0].score > TALKED):
        return meant
    if meant is None:
        is_few = many < FEW and not is_loose
        return None if _is_strange(said, many) else _alone(guesses, SURE if is_few else ASKED, asks=said.is_question)
    return _beside(said, guesses, scores, meant, is_loose=is_loose)


def _is_settled(meant: Reading | Question | None, many: int) -> bool:
    """Return whether nothing is guessed: few words are understood, or what is asked says more than "did you mean"."""
    if isinstance(meant, Question) and (meant.typing != LIKE_THAT or meant.is_chat or _is_of_subsystem(meant)):
        return True
    if isinstance(meant, Reading) and meant.name == "whois" and _is_a_name(meant.text):
        return True
    return meant is not None and many < FEW and _names(meant) != VAGUE and not _is_change(meant)


def _is_a_name(text: str) -> bool:
    """Return whether it is words that no example has: a name, most likely."""
    return bool(text) and not any(map(likeness().knows, text.casefold().split()))


def _is_of_subsystem(meant: Question) -> bool:
    """Return whether it is asked about an incident's subsystem, which no example speaks of."""
    return any(" --on " in one.text for one in meant.offers)


def _is_strange(said: Sentence, many: int) -> bool:
    """Return whether a line has more words that no example has than can be names: two others are left at least."""
    return len([at for at in said.names() if not likeness().knows(said.pieces[at].words)]) > many - FEWEST


def _alone(guesses: Sequence[Guess], least: float, *, asks: bool = False) -> Reading | Question | None:
    """Return the likeliest, shown at once where it only shows something and no other is near; None for none likely."""
    best = guesses[0]
    if not _is_likely(guesses, least):
        return None
    likely = [one for one in guesses if one is best or one.score >= max(least, best.score - CLOSE)][:TWO]
    if len(likely) == 1 and (best.score >= (ASKED_SURE if asks else SURE)) and not best.changes:
        return best.meant
    return _asked([one.meant for one in likely])


def _beside(
    said: Sentence, guesses: Sequence[Guess], scores: Mapping[str, float], meant: Reading | Question, *, is_loose: bool
) -> Reading | Question:
    """Return the question about what is far likelier than what is understood, and about that."""
    best, names = guesses[0], _names(meant)
    known = _standing(scores, meant)
    if names == VAGUE and best.meant.name in VAGUE:
        return _kept_first(meant, best)
    if best.meant.name in names and (is_loose or (_is_bare(meant) and best.meant.name in OF_DAYS)):
        return _alone(guesses, ASKED) or best.meant
    if any(_first(scores) in _like(name) for name in names):
        return _put_first(meant, best, known)
    is_vague = names == VAGUE
    if (
        best.changes
        and best.meant.name not in KEEPING
        and (is_doubted(said, best.meant.name) if is_vague else _only_asks(said, meant))
    ):
        return meant
    is_shown = isinstance(meant, Reading) and not _is_change(meant) and said.pieces[0].words not in GROUPS
    least, ahead = (ASKED, CLOSE) if is_vague or is_shown else (SURE, SURE if _is_change(meant) else FAR)
    if not _is_likely(guesses, least) or best.score - max(known) < ahead:
        return meant
    if isinstance(meant, Reading) and not best.changes:
        if best.meant.name in WITHOUT and not best.meant.text:
            return meant
        if best.score - max(known) > (ASKED if is_shown else SURE):
            return best.meant
    return _asked([best.meant, _readings(meant)[-1 if is_vague else 0]])


def _is_likely(guesses: Sequence[Guess], least: float) -> bool:
    """Return whether the likeliest is likely enough, or stands alone: a long text is unlike any example."""
    best, *others = guesses
    is_alone = all(best.score - one.score > FAR for one in others)
    return best.score >= (LEAST if is_alone and least == ASKED else least)


def _is_change(meant: Reading | Question | None) -> bool:
    return isinstance(meant, Reading) and meant.spoken.risk is not Risk.READS


def _only_asks(said: Sentence, meant: Reading | Question) -> bool:
    """Return whether a question is understood as one that changes nothing: not "somebody take over?"."""
    begins = said.begins
    return isinstance(meant, Reading) and said.is_question and not (begins and begins.words in SOMEBODY)


def _beside_talk(scores: Mapping[str, float], meant: Reading | Question | None) -> Reading | Question | None:
    """Return what is understood of mere talk: nothing is shown, and a change is asked about."""
    if not isinstance(meant, Reading) or scores[TALK] - _standing(scores, meant)[0] <= FAR:
        return meant
    return None if meant.spoken.risk is Risk.READS else _asked([meant])


def _standing(scores: Mapping[str, float], meant: Reading | Question | None) -> list[float]:
    """Return how likely each command is that is understood."""
    return [max(scores.get(one, 0.0) for one in _like(name)) for name in _names(meant)]


def _put_first(meant: Reading | Question, best: Guess, known: Sequence[float]) -> Reading | Question:
    """Return a question with the likeliest command first, where the one that stands there is far less likely."""
    if isinstance(meant, Reading) or best.score - known[0] < FAR:
        return meant
    return replace(meant, offers=tuple(sorted(meant.offers, key=lambda one: one.name not in _like(best.meant.name))))


def _kept_first(meant: Reading | Question, best: Guess) -> Reading | Question:
    """Return the question about an update and a note, the likelier first, where a text is led to: "jot on 12 that"."""
    if best.meant.text in {one.text for one in _readings(meant)} or best.score < ASKED:
        return meant
    if " --" in best.meant.text:
        return _asked([best.meant])
    other = next(name for name in VAGUE if name != best.meant.name)
    return _asked([best.meant, Reading(other, best.meant.text)])


def _scores(said: Sentence) -> dict[str, float]:
    """Return how likely a sentence means each command, the likeliest first, or is mere talk."""
    right = GREETING.sub("", corrected(said.text))
    ones, lost = likeness().ranked(Sentence(BY_SUBJECT.sub("12", right))), unfit(Sentence(right))
    fits = {one.name: one.score - lost(one.name) for one in ones}
    return dict(sorted(fits.items(), key=lambda one: -one[1]))


def _guesses(said: Sentence, scores: Mapping[str, float]) -> Iterator[Guess]:
    """Yield the commands that a sentence may mean, with what it has for them, the likeliest first."""
    for name, score in scores.items():
        if score < LEAST - FAR:
            return
        if name != TALK and not is_denied(said, name) and (text := filled(said, name)) is not None:
            yield Guess(Reading(name, text), score)


def _is_bare(meant: Reading | Question) -> bool:
    return isinstance(meant, Reading) and not meant.text


def _first(scores: Mapping[str, float]) -> str:
    return next(iter(scores))


def _names(meant: Reading | Question | None) -> list[str]:
    return [one.name for one in _readings(meant)] if meant else []


def _readings(meant: Reading | Question) -> list[Reading]:
    ones = meant.offers if isinstance(meant, Question) else (meant,)
    return [Reading(one.name, one.text) for one in ones]


def _like(name: str) -> Collection[str]:
    """Return the commands that are meant by the words for one of them: an incident is shown by two."""
    return next((ones for ones in ALIKE if name in ones), (name,))


def _asked(ones: Sequence[Reading]) -> Question:
    return replace(either(*ones), is_chat=True)
