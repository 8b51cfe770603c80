"""What open incidents are about: found by the words of their titles, and by their subsystems, as people name them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from itertools import islice

from opsdesk.chat import Person
from opsdesk.incidents.incident import Incident
from opsdesk.incidents.log import IncidentLog, passed_over
from opsdesk.incidents.titles import SAID_BY_ALL, SHORTEST
from opsdesk.text import plain, typos, words

MOST_FOUND, MOST_BATCHES = 3, 10  # resolved incidents about some words, and how far they are looked for
PART = 4  # letters of a word by which a longer one is found: "texts" by "text" in "vetext"
NOUNS = frozenset({"one", "incident", "inc", "issue", "problem", "thing", "outage", "ticket", "trouble"})

SubsystemOf = Callable[[str], str | None]


class OpenSubjects:
    """The open incidents of a moment, by what they are about."""

    def __init__(self, incidents: Iterable[Incident], subsystem_of: SubsystemOf) -> None:
        self.by_number = {one.number: one for one in incidents}
        self._subsystem_of = subsystem_of

    def about(self, phrase: str) -> frozenset[int]:
        """Return the numbers of the incidents that a word, or the phrase that a keyword is, points to."""
        on = self._on.get(self._subsystem_of(phrase) or "", frozenset())
        terms = [term for word in words(phrase) if (term := _term(word))]
        if not terms or len(phrase.split()) > 1:
            return on
        return on | frozenset.intersection(*map(self._with, terms))

    def nearly(self, word: str) -> frozenset[int]:
        """Return the numbers of the incidents that have a word of which this one is a letter away."""
        term = _term(plain(word))
        if len(term) < PART:
            return frozenset()
        near = (numbers for known, numbers in self._having.items() if _is_near(term, known))
        return frozenset().union(*near)

    def is_subsystem(self, phrase: str) -> bool:
        """Return whether a phrase is the name of a subsystem, or a keyword of it."""
        return self._subsystem_of(phrase) is not None

    def newest(self) -> int | None:
        """Return the number of the incident that was opened last; None where none is open."""
        return max(self.by_number, default=None)

    def _with(self, term: str) -> frozenset[int]:
        """Return those with a word, or else with one that begins or ends with it."""
        if found := self._having.get(term):
            return found
        if len(term) < PART:
            return frozenset()
        longer = (numbers for known, numbers in self._having.items() if known.startswith(term) or known.endswith(term))
        return frozenset().union(*longer)

    @cached_property
    def _having(self) -> Mapping[str, frozenset[int]]:
        found = defaultdict[str, set[int]](set)
        for number, one in self.by_number.items():
            for word in words(f"{one.title} {one.subsystem}"):
                if term := _term(word):
                    found[term].add(number)
        return {term: frozenset(numbers) for term, numbers in found.items()}

    @cached_property
    def _on(self) -> Mapping[str, frozenset[int]]:
        found = defaultdict[str, set[int]](set)
        for number, one in self.by_number.items():
            if one.subsystem:
                found[one.subsystem].add(number)
        return {key: frozenset(numbers) for key, numbers in found.items()}


class Subjects:
    """Gives the open incidents by what they are about; taken apart once, until any of them changes."""

    def __init__(self, log: IncidentLog, subsystem_of: SubsystemOf) -> None:
        self._log, self._subsystem_of = log, subsystem_of
        self._last: tuple[tuple[Incident, ...], OpenSubjects] | None = None

    def now(self) -> OpenSubjects:
        """Return the open incidents as they are now. Raises a UserError where they cannot be read."""
        ones, last = self._log.open_ones(passed_over), self._last
        if last is None or ones is not last[0]:
            self._last = last = ones, OpenSubjects(ones, self._subsystem_of)
        return last[1]

    def last_changed(self, by: Person) -> int | None:
        """Return the open incident that somebody wrote about last; None for none."""
        written = [
            (entry.written_at, one.number)
            for one in self.now().by_number.values()
            for entry in one.entries
            if entry.by.id == by.id
        ]
        return max(written)[1] if written else None

    def resolved(self, phrase: str) -> list[Incident]:
        """Return the latest resolved incidents with every one of some words in title or timeline, the newest first."""
        said = [word for word in words(phrase) if _term(word)]
        found: list[Incident] = []
        for numbers in islice(self._log.search(said, passed_over) if said else (), MOST_BATCHES):
            ones = self._log.some(numbers[:MOST_FOUND], passed_over)
            found += [one for one in ones if one.resolution is not None]
            if len(found) >= MOST_FOUND:
                break
        return found[:MOST_FOUND]


def _is_near(term: str, known: str) -> bool:
    """Return whether one letter is wrong: then the first letters are the same, or the last ones."""
    is_like = len(known) >= PART and abs(len(known) - len(term)) <= 1
    return is_like and (known[0] == term[0] or known[-1] == term[-1]) and typos(term, known, 1) == 1


def _term(word: str) -> str:
    """Return a word as it is compared, without a plural s or "ing"; "" for one that says nothing."""
    term = word.removesuffix("s") if len(word) > SHORTEST else word
    term = term.removesuffix("ing") if len(term) >= PART + len("ing") else term
    return (
        "" if len(word) < SHORTEST or word.isdigit() or word in SAID_BY_ALL or word in NOUNS or term in NOUNS else term
    )
