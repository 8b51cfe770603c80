"""Which subsystem an incident is of after all: "14 isn't vetext, it's chip", "12 belongs to chip and not to vista"."""

from opsdesk.commands.meanings import Question, question
from opsdesk.commands.sentences.parts import NUMBERED as N
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.commands.word_lists.lexicon import FILLERS, is_word_of_sentences
from opsdesk.patterns import regex
from opsdesk.text import reference

OLD = r"(?:the )?(?P<old>[\w-]+)"
NEW = r"(?:the )?(?P<new>[a-z][\w-]+)"
BE = r"(?: is| was|'s)"
NOT = r"(?: isn'?t| is not| aint| ain'?t| wasn'?t| was not|'?s not|'?s no longer)(?: really| actually)?"
THING = r"(?: (?:one|issue|problem|thing|incident|ticket))?"
ITS = r"(?:it'?s|this is|its|it is|that'?s|but|rather|more like|is|actually|should be|belongs to|it belongs to)"
MOVED = (
    rf"{N}{NOT}(?: an?| on| of| for)? {OLD}{THING}[,;.:]*(?: [-–—]+)? (?:{ITS} )+(?:an? |on |of |with )?{NEW}",
    rf"{N}{BE}(?: really| actually)?(?: an?| on| of| about| for)? {NEW}{THING},?(?: and| but)? not "
    rf"(?:an? |on |of )?{OLD}",
    rf"{N} (?:really |actually )?(?:belongs|should go|goes|should be moved) (?:to|under|with|on) {NEW},? "
    rf"(?:and |but )?not (?:to |under |with |on )?{OLD}",
    rf"(?:move|put|switch|change|file|refile|reassign|retag|tag) {N} (?:over )?(?:from {OLD} )?(?:to|under|on) {NEW}"
    r"(?: (?:instead|not|rather)\b)",
    rf"{N} (?:should be|should go|belongs) (?:filed )?(?:under|on|with) {NEW}",
    rf"{N}[,:]? wrong (?:subsystem|system|area|component|tag)[,;:]*(?: [-–—]+)? (?:{ITS} )*(?:an? |on )?{NEW}",
    rf"(?:move|switch|change|refile|reassign|retag) {N} from {OLD} to {NEW}",
    rf"wrong (?:subsystem|system|area|component|tag) (?:on|for) {N}[,;:]*(?: [-–—]+)? (?:{ITS} )*(?:an? |on )?{NEW}",
    rf"(?:subsystem|system|component|area) (?:of|for|on) {N} (?:is|should be|to|=) {NEW}",
    rf"{N} (?:is |has |was )?(?:filed |tagged |opened )?(?:under|on) (?:the )?wrong (?:subsystem|system|area|component)"
    rf"[,;:]*(?: [-–—]+)? (?:{ITS} )*(?:an? |on )?{NEW}",
)
MOVED_TO = tuple(regex(rf"(?i:(?<![\w-]){one}(?![\w-]))") for one in MOVED)


def moved(said: Sentence) -> Question | None:
    """Return the question whether an incident is of another subsystem, which may be none; None for no such thing."""
    if not said.numbers:
        return None
    text = said.text.replace("’", "'")
    found = next((match for one in MOVED_TO if (match := one.search(text))), None)
    if found is None:
        return None
    name = found["new"].casefold()
    if name in FILLERS or is_word_of_sentences(name) or reference(found["n"])[0] is None:
        return None
    return question(("incident_update",), f"{reference(found['n'])[0]} --on {found['new']}")
