"""What people say of what others are told: a team that is called, a link that is kept, the day's post."""

from opsdesk.commands.word_lists.keeping import ASK, END, NAME, THAT, N

OF_EIGHT = r"(?:(?:8|eight) ?(?:pm|o'?clock)? |evening |daily |day'?s )?"
TELLING = (
    (
        rf"{ASK}(?:page|call|ring|pull in|loop in) {NAME} (?:on|about|for|into|onto) "
        rf"{N}{THAT}(?P<n2>.+)",
        "incident escalate {n} to {rest} {n2}",
    ),
    (rf"(?:link|attach|add) (?P<rest>https?://\S+) (?:to|on|for) {N}{END}", "incident link {n} {rest}"),
    (
        r"(?:(?:let'?s|please|pls|can we|could we|we should|we can|ok|so) )*"
        rf"(?:hold off (?:on|with)|hold|cancel|drop|no need for|leave out) (?:the |tonight'?s |today'?s )?"
        rf"{OF_EIGHT}(?:post|summary|recap)"
        r"(?: (?:tonight|today|this evening))?(?:[,;.:!]+ (?P<rest>.*)|[\s.!]*)",
        "summary skip today {rest}",
    ),
    (
        r"what(?:'re| are|'s| is| do| will)? (?:we|you|the desk) (?:going to |gonna )?(?:tell|say|post|send)(?:ing)?\b"
        rf".*\b(?:tonight|at 8|8 ?pm|at eight)(?: (?:sharp|pm|tonight))?{END}",
        "summary",
    ),
)
