"""What people say that is no command: a yes or a no, or answered with the one that may be meant."""

import re

from msgspec.structs import replace

from opsdesk.commands.meanings import Question, Reading, question
from opsdesk.commands.word_lists.keeping import END
from opsdesk.commands.word_lists.sayings import LONGEST, OVER, compiled

SHIFT = r"(?:the |my |this )?shift"
MISTAKE = r"(?:the |an? )?(?:mistake|wrong (?:one|number|incident|thread|button|channel))"
MEANT = r"(?:i )?meant (?:to \w+ )?(?:the )?(?:other(?: one)?|#?\d{1,9})(?:,? not .{1,20})?"
REST = r"(?: (?:for )?(?:the )?rest of (?:the |my |this )?(?:shift|day|evening))?"

WAIT = r"(?:(?:ok|okay|ah|hm+|no|wait|sorry|actually|oops+),? )?"

OFFERS = (
    (rf"{WAIT}(?:{MISTAKE},? (?:sorry,? )?(?:{MEANT})?|{MISTAKE}|{MEANT}){END}", "undo"),
    (rf"{WAIT}(?:oops+|whoops+|nvm|never ?mind|my (?:bad|mistake)|scratch that|forget (?:it|that)){END}", "undo"),
    (rf"(?:ignore|disregard|undo) (?:that|this|me|the last one){END}|(?:that was |oops,? ){MISTAKE}{END}", "undo"),
    (rf"(?:i )?(?:didn'?t|did not) mean (?:that|to(?: do that)?){END}", "undo"),
    (rf"(?:i'?m|i am) (?:here|in|on|online|on shift|on duty|ready){END}|(?:clocking|checking) in{END}", "shift_accept"),
    (rf"(?:reporting for|on) duty{END}", "shift_accept"),
    (rf"now {OVER}{END}", "incident_resolve"),
    (rf"(?:still )?not {OVER}(?: yet)?{END}", "incident_update incident_note"),
    (rf"(?:(?:i'?m )?here(?: now)?,? )?(?:i have|i'?ve got|i got|got) {SHIFT}{END}", "shift_accept"),
    (
        rf"(?:i'?m |i am |i'?ll |i )?(?:tak(?:e|ing) (?:over(?: {SHIFT})?|it from here)(?: from [\w@<>.-]+)?"
        rf"|covering for [\w@<>.-]+){REST}{END}",
        "shift_accept oncall_take",
    ),
)
PLEASE = r"(?:,? (?:please|pls))?"
YES = r"(?:yes|yep|yeah|yea|yup|y|sure|ok|okay|k|right|correct|exactly|perfect)"
DO_IT = (
    r"(?:do (?:it|that|so)|go|go ahead|go for it|confirm(?:ed)?|correct|right|that one|that'?s (?:it|right|the one)|"
    r"affirmative)"
)
SURELY = r"(?:yes|yep|yeah|yea|yup|y|sure)"
NO = r"(?:no|nope|nah)"
WHICH = (
    r"#?(?P<which>[1-9]\d{0,8}|[0-9a-f]{12}(?:\.[1-9]\d{0,8})?)"
    r"|(?:the )?(?P<ordinal>first|second|third)(?: one)?|(?P<counted>one|two|three)"
)
ANSWERS = (
    (
        rf"(?:{SURELY}|(?:{YES},? ){{0,2}}{DO_IT}|{YES},? (?:please|pls)|yes,? yes){PLEASE}{END}",
        "yes",
    ),
    (rf"(?:(?:{SURELY}|do(?: it)?|go for),? )(?:number )?(?:{WHICH}){PLEASE}{END}", "yes"),
    (
        rf"(?:no|nope|nah|n|(?:no,? )?(?:don'?t|do not)(?: do (?:it|that))?|(?:{NO},? )*"
        rf"(?:{NO}|no thanks|no thank you|leave it(?: (?:be|alone))?|neither|none of (?:them|those|these)|not that))"
        rf"{END}",
        "no",
    ),
)
BEGINNINGS = frozenset("acdeglkonprsty")  # of answers: most lines are soon seen to be none
ORDINALS = {"first": 1, "second": 2, "third": 3, "one": 1, "two": 2, "three": 3}

THANKS = (
    (
        rf"(?:(?:ok|okay|great|perfect),? )?(?:thanks|thank you|thx|ty|cheers)(?: (?:a lot|so much|desk|all))?{END}",
        "",
    ),
)

_OFFERS, _ANSWERS, _THANKS = compiled(OFFERS), compiled(ANSWERS), compiled(THANKS)


def offered(line: str) -> Question | None:
    """Return what may be meant by something that is said to the desk; None for anything else."""
    _, names = _first(_OFFERS, line)
    text = line.strip() if "incident_note" in names else ""
    return replace(question(names.split(), text), is_chat=True) if names else None


def is_thanks(line: str) -> bool:
    """Return whether all that is said is thanks."""
    return _first(_THANKS, line)[0] is not None


def answered(line: str) -> Reading | None:
    """Return the answer to what somebody was asked, with the number of what they choose: "yes", "yes 2", "no"."""
    if line.lstrip()[:1].casefold() not in BEGINNINGS:
        return None
    found, name = _first(_ANSWERS, line)
    if found is None:
        return None
    said = found.groupdict()
    word = (said.get("ordinal") or said.get("counted") or "").casefold()
    return Reading(name, said.get("which") or f"{ORDINALS.get(word, '')}")


def _first(known: list[tuple[re.Pattern[str], str]], line: str) -> tuple[re.Match[str] | None, str]:
    tried = ((pattern.fullmatch(line.strip()), words) for pattern, words in known if len(line) <= LONGEST)
    return next(((found, words) for found, words in tried if found), (None, ""))
