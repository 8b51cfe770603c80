"""What people say that is no command: answered with the one to type, and nothing is done."""

import re

from opsdesk.commands.meanings import Question, question
from opsdesk.commands.sayings import END, LONGEST, compiled

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
    (rf"(?:reporting for|on) duty{END}|(?:i have|i'?ve got|i got) {SHIFT}{END}", "shift_accept"),
    (
        rf"(?:i'?m |i am |i'?ll |i )?(?:tak(?:e|ing) (?:over(?: {SHIFT})?|it from here)(?: from [\w@<>.-]+)?"
        rf"|covering for [\w@<>.-]+){REST}{END}",
        "shift_accept oncall_take",
    ),
)
YES = rf"(?:yes|yep|yeah|yup|y|yes please|do it|go ahead|go for it|confirm(?:ed)?|correct|that one|affirmative){END}"
NO = rf"(?:no|nope|nah|n|no thanks|don'?t|do not){END}"
ANSWERS = (
    (YES, "I do nothing on a yes alone: type the command itself, as I wrote it. ✅ on what you are asked accepts it."),
    (NO, "What I asked about is not done: it would have to be typed. `!oncall decline` says no to a swap."),
)

_OFFERS, _ANSWERS = compiled(OFFERS), compiled(ANSWERS)


def offered(line: str) -> Question | None:
    """Return what to type for something that is said to the desk, or in answer to it; None for anything else."""
    if len(line) > LONGEST:
        return None
    if answer := _first(_ANSWERS, line):
        return Question(answer, is_chat=True)
    names = _first(_OFFERS, line)
    return Question(question(names.split(), "").text, is_chat=True) if names else None


def _first(known: list[tuple[re.Pattern[str], str]], line: str) -> str:
    return next((words for pattern, words in known if pattern.fullmatch(line.strip())), "")
