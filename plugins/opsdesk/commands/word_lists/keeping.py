"""What people say to have something kept, on an incident or for the day's post, put as the command for it."""

N = r"(?:incident |inc )?(?P<n>(?:#|inc-)?\d{1,9})"
NAME = r"(?P<rest>@?[a-z][\w.-]*|<@\w+>)"  # of somebody or something, in one word
END = r"(?: (?:rn|atm|now|right now|please|pls|thx|thanks|sorry))?[\s?!.]*"
ASK = r"(?:(?:please|pls|can you|could you|would you)(?:,? (?:please|pls))? )?"
KEEP = (  # a text
    rf"{ASK}(?:jot|write|put|pop|stick|throw|drop|scribble|record|mention|log|add|note|include|slip|tack|mark|leave)"
)
KEPT = r"(?:(?:this|it|that|down|(?:an? |the )?(?:note|comment|line|word)|to self|something|somewhere|one|in) ){0,2}"
THAT = r"(?:,? that\b|:| [-–—]+|,)? "
POST = (
    r"(?:the |our |my )?(?:(?:tonight|today|this evening|8 ?pm|evening|end of day|daily|days|day)(?:'?s)? )?"
    r"(?:summary|eod|recap|8 ?pm|daily|sum)(?: post)?(?: (?:tonight|today|for (?:tonight|today)))?"
)
INTO_POST = rf"(?:in|into|to|on|for|under) {POST}"

NOTES = (
    (rf"{KEEP} {KEPT}(?:on|for|to|in|under|against|re|about) {N}{THAT}(?P<rest>.+)", "incident note {n} {rest}"),
    (rf"{KEEP} {KEPT}{INTO_POST}{THAT}(?P<rest>[^?]+)", "summary note {rest}"),
    (rf"(?:for|in|re) {POST} (?:please |pls )?(?:also )?{KEEP} {KEPT}(?:that )?(?P<rest>[^?]+)", "summary note {rest}"),
    (rf"{KEEP} (?!(?:it|this|that|#?\d+) )(?P<rest>\S+ .+?) (?:in|into|to) {POST}{END}", "summary note {rest}"),
    (
        r"(?:delete|remove|drop|cancel|scratch|undo|strike) (?:the )?(?:hand ?over |summary )?note "
        r"(?:number |no )?(?P<n>\d{1,3})"
        r"(?: (?:from|of|in|out of) (?:the )?(?:hand ?over|hand ?off|summary|notes|post|list).*)",
        "summary note undo {n}",
    ),
    (
        rf"{POST} (?:should|must|needs to|has to|ought to) (?:also )?(?:mention|say|include|have|tell)"
        r"(?: that)? (?P<rest>[^?]+)",
        "summary note {rest}",
    ),
    (
        rf"don'?t forget (?:to (?:mention|add|say|include) )?(?:that )?(?P<rest>.+?) (?:in|for) {POST}{END}",
        "summary note {rest}",
    ),
    (rf"{POST} note[:,]? (?:that )?(?P<rest>[^?]+)|for {POST}[:,] (?P<n>[^?]+)", "summary note {rest}{n}"),
)
