"""What people say in a sentence where a command would do, put as that command."""

import re
from collections.abc import Iterator, Sequence

from opsdesk.patterns import regex

Saying = tuple[re.Pattern[str], str]  # and the command that it is put as

BLANKS, BLANK = r"[\t\x20]*", r"[\t\x20]+"
LONGEST = 500  # characters of a line that can be a saying
N = r"(?:incident |inc )?(?P<n>(?:#|inc-)?\d{1,9})"
OVER = r"(?:fixed|resolved|solved|over|closed|done|gone)"
N2 = N.replace("<n>", "<n2>")
THERE = r"(?:there'?s|there is|we have|we'?ve got|got|i have|seeing|need to open)"
TROUBLE = r"(?:issues?|problems?|outages?|errors?|timeouts?)"
PAST = r"today|yesterday|this week|last week|week"
BE = r"(?:is|are|was|has been|looks|seems)"
CHANGE = r"(?:mark|set|bump|make|change|move|put|switch|raise|lower|drop|upgrade|downgrade|escalate)"
STATE = r"(?:sev|severity|investigating|identified|monitoring|resolved|fixed|closed|done)"
DAYS = r"today|tomorrow|yesterday|this week|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
ME = r"(?:do|should|can|would|to) ?(?:i|we)?"
NEWS = r"(?:updates?|news|status|details|info|history|timeline|eta|latest)"
IT = r"(?:it|this|that|this one|that one)"
ON_IT = r"(?:looking|working|checking|investigating)"
GIVE = r"(?:(?:show|give|get|send|find|see|pull up) )(?:me )?(?:the |an? )?"
COUNTS = r"(?:numbers|counts|stats)"
SPAN = rf"{PAST}|month|this month|last month"
HELP = r"(?:help|assist|look|fix|debug)"
NAMED = r"(?!(?:an?|the|this|incidents?|alerts?|stats|summary|oncall)\b)"
THING = r"(?!(?:it|this|that|he|she|they|we|you|i|who|what|nobody|nothing|everybody)\b)[a-z][\w-]*(?: [\w-]+)?"
OK = r"(?:ok|okay|fine|up|back|working|healthy|good)"
BAD = r"(?:down|slow|broken|failing|timing out|dead|offline|stuck|hanging|on fire|not (?:working|responding|loading))"
ANY = r"(?:is |are )?(?:there )?any(?:thing)?"
REACH = r"(?:ping|reach out to|reach|call|contact|message|bug|talk to|page|ask|slack|dm)"
SHIFT = r"(?:shift|person|one|guy)"
END = r"(?: (?:rn|atm|now|right now|please|pls|thx|thanks))?[\s?!.]*"

SAYINGS = (
    # an incident, by its number
    (rf"{N} {BE} (?:now |all )?{OVER}\b(?P<rest>[^?]*)", "incident resolve {n} {rest}"),
    (rf"(?:incident )?{BE} {OVER} {N}\b(?P<rest>[^?]*)", "incident resolve {n} {rest}"),
    (rf"(?:{N} )?(?:is )?back (?:online|up|to normal){END}", "incident resolve {n}"),
    (rf"back (?:online|up|to normal):? {N}{END}", "incident resolve {n}"),
    (rf"{N} (?:is|came|has come) back(?: again)?\b(?P<rest>[^?]*)", "incident reopen {n} {rest}"),
    (rf"{N} is mine{END}", "incident assign {n} me"),
    (rf"(?:i'?ll take|i'?ve got|i got|i have|i take) {N}{END}", "incident assign {n} me"),
    (rf"(?:i'?m |i am )?(?:on it|{ON_IT})(?: into| at| on)? {N}{END}", "incident ack {n}"),
    (rf"(?:i )?(?:got it|see it|i see|eyes on),? {N}{END}", "incident ack {n}"),
    (rf"{N} (?:i'?m |i am )?(?:on it|looking into it|looking at it){END}", "incident ack {n}"),
    (rf"(?:give|hand|pass) {N} (?:over )?to (?P<rest>.+)", "incident assign {n} {rest}"),
    (rf"{N} (?:is )?(?:a )?(?:dup|duplicate) of (?P<rest>.+)", "incident merge {n} into {rest}"),
    (rf"(?:dup|duplicate) {N} of (?P<rest>.+)", "incident merge {n} into {rest}"),
    (rf"(?:cancel|delete|remove|kill) {N}\b(?P<rest>.*)", "incident void {n} {rest}"),
    (rf"{N} was (?:a )?mistake{END}", "incident void {n} opened by mistake"),
    (rf"(?P<n2>close|resolve|ack|take|show) (?:number|no\.?|nr\.?) {N}\b(?P<rest>.*)", "incident {n2} {n} {rest}"),
    (rf"{CHANGE} (?:the )?sev(?:erity)? (?:of|for|on) {N} to (?P<rest>\d){END}", "incident {n} sev {rest}"),
    (rf"(?:is )?(?:anyone|anybody|someone|somebody) (?:on|looking at|working on|handling) {N}{END}", "incident {n}"),
    (rf"(?:quiet|hush) {N} (?P<rest>.+)", "incident snooze {n} {rest}"),
    (rf"{CHANGE} (?:the )?title of {N} to (?P<rest>.+)", "incident {n} title {rest}"),
    (rf"{CHANGE} {N} title (?:to )?(?P<rest>.+)", "incident {n} title {rest}"),
    (rf"{CHANGE} {N} (?:to |as |is )?(?P<rest>{STATE}.*)", "incident {n} {rest}"),
    (rf"(?:{CHANGE} )?(?P<rest>sev ?\d) (?:on|for|to) {N}{END}", "incident {n} {rest}"),
    (rf"{CHANGE} {IT}(?: to| a| as)? (?P<rest>sev ?\d){END}", "incident {rest}"),
    (rf"{CHANGE} {IT} (?:as |to )?{OVER}\b(?P<rest>[^?]*)", "incident resolve {rest}"),
    (rf"(?:any )?{NEWS} (?:on|of|for|about) {N}{END}", "incident {n}"),
    (
        rf"who (?:owns|has|took|is on|is handling|is {ON_IT}(?: at| on)?) {N}{END}|who'?s (?:on|got) {N2}{END}",
        "incident {n}{n2}",
    ),
    (rf"where are we (?:on|with) {N}{END}", "incident {n}"),
    (rf"(?:what'?s up with|what happened (?:with|to|on)|how is|how'?s|is|did) {N}\b.*", "incident {n}"),
    (rf"what'?s the {NEWS} (?:on|of|for|with) {N}{END}", "incident {n}"),
    (rf"{N} (?:{BE} )?\w+\s*\?+", "incident {n}"),
    (rf"update (?:on|for|about) {N} (?P<rest>.+)", "incident update {n} {rest}"),
    (rf"(?:add )?(?:a )?(?:comment|note) (?:(?:on|to|for|about) )?{N} (?P<rest>.+)", "incident note {n} {rest}"),
    (rf"add (?:to )?{N} (?P<rest>.+)", "incident note {n} {rest}"),
    (rf"export {N} (?:as|to) .*", "incident export {n}"),
    (rf"(?:fixed|resolved|closed|close|solved) (?:it|out|up),? {N}\b(?P<rest>[^?]*)", "incident resolve {n} {rest}"),
    (rf"it'?s {OVER}(?: now)?[:,]? {N}\b(?P<rest>[^?]*)", "incident resolve {n} {rest}"),
    (rf"it'?s back(?: again)?[:,]? {N}\b(?P<rest>[^?]*)", "incident reopen {n} {rest}"),
    (rf"(?:resolving|closing|wrap|wrap up|wrapping up) {N}\b(?P<rest>.*)", "incident resolve {n} {rest}"),
    (
        rf"(?:it'?s )?all (?:good|clear) (?:(?:on|for|with) )?{N}{END}",
        "incident resolve {n}",
    ),
    (rf"{N}:? all (?:good|clear)(?: now)?[,.]?(?P<rest>[^?]*)", "incident resolve {n} {rest}"),
    (rf"(?:taking|i'?m taking) (?:over )?{N}{END}", "incident assign {n} me"),
    (rf"(?:acked|ack'?d|acking) {N}{END}", "incident ack {n}"),
    (rf"{N} (?:to|goes to|is for) (?P<rest>@?[a-z][\w.-]*){END}", "incident assign {n} {rest}"),
    (rf"(?P<rest>@?[a-z][\w.-]*) (?:is taking|takes|has|owns) {N}{END}", "incident assign {n} {rest}"),
    (r"(?P<n>close|resolve|ack|reopen) (?:it|this|that|this one|that one)\b(?P<rest>.*)", "incident {n} {rest}"),
    (r"take (?:it|this|that|this one|that one)[\s!.]*", "incident assign me"),
    (rf"remind me (?:about|of) {N} (?:in )?(?P<rest>.+)", "incident snooze {n} {rest}"),
    # incidents
    (rf"{THERE} (?:an? |another )?(?P<n>{TROUBLE}) (?P<rest>(?:with|on|in|at) .+)", "incident open {n} {rest}"),
    (rf"{THERE} (?:an? |another )?(?:new )?incident(?: with| on| for)?[:,]? (?P<rest>.+)", "incident open {rest}"),
    (r"(?:start|open|log|create) an? (?:new )?incident (?:for|about|on|that) (?P<rest>.+)", "incident open {rest}"),
    (r"new one[:,]? (?P<rest>.+)", "incident open {rest}"),
    (rf"(?:resolved|closed|fixed|opened) (?P<rest>{PAST}){END}", "incident list {rest}"),
    (
        r"(?:show |list )(?:me )?(?:the )?(?:open )?sev ?\d(?:'?s| incidents?| ones?)?|sev ?\d(?:'?s| incidents?)",
        "incident list",
    ),
    (r"(?:what'?s |anything )open (?:on|for|in|with) (?P<rest>[\w-]+)[\s?]*", "incident list {rest}"),
    (r"open (?:on|for|in|with) (?P<rest>[\w-]+)\s*\?+", "incident list {rest}"),
    (rf"(?:what'?s |show |list )?(?:mine|my (?:open )?(?:incidents|stuff|ones)){END}", "incident list mine"),
    (r"(?:log|raise|file|declare) (?:an? )?(?:new )?(?:incident|inc)[:,]? (?P<rest>.+)", "incident open {rest}"),
    (rf"{ANY}(?: new| open| still| active)* (?:incidents?|open|going on|happening|broken|down){END}", "incident list"),
    (rf"what'?s (?:going on|happening|broken|down|burning|on fire){END}", "incident list"),
    (rf"(?P<rest>{PAST})'?s incidents{END}", "incident list {rest}"),
    (rf"what'?s (?:pending|left|outstanding|unresolved|to do){END}|how bad is (?:it|this){END}", "incident list"),
    (
        rf"(?:any|what'?s the|give me the|give me an?) (?:updates?|news|status|latest|state|situation){END}",
        "incident list",
    ),
    (
        rf"how many (?:open(?: incidents?| ones?)?|(?:incidents?)?(?: are)? open|incidents?)"
        rf"(?: (?:do we have|are there|are open))?(?: (?P<rest>{PAST}))?{END}",
        "incident list {rest}",
    ),
    (r"(?:search|look|find|grep) for (?P<rest>.+)", "incident search {rest}"),
    (r"csv (?:for|of) (?P<rest>.+)", "incident export {rest}"),
    # whom to ask, where to look
    (rf"whom? {ME} escalate (?:to )?(?:(?:for|about|on|with) )?(?P<rest>.+)", "whois escalate {rest}"),
    (
        rf"(?:who|whom|someone|somebody|anyone|anybody) (?:can|could|will|might) {HELP}(?: me| us)?"
        rf"(?: (?:with|at|on|about))? (?P<rest>.+)",
        "whois {rest}",
    ),
    (rf"(?:i |we )?need (?:some )?(?:help|someone|somebody) (?:with|on|for|from) {NAMED}(?P<rest>.+)", "whois {rest}"),
    (rf"{GIVE}(?P<rest>[\w-]+(?: [\w-]+)?) runbook[\s?!.]*", "runbook {rest}"),
    (rf"{GIVE}(?P<rest>[\w-]+(?: [\w-]+)?) (?:dashboards?|links?|logs?)[\s?!.]*", "links {rest}"),
    (
        r"(?:contact (?:info|details|person)|slack(?: channel)?|channel|email|phone(?: number)?)"
        r" (?:for|of) (?P<rest>.+)",
        "whois {rest}",
    ),
    (r"(?:steps|instructions|procedure|docs) (?:for|on|to fix) (?P<rest>.+)", "runbook {rest}"),
    (rf"whom? {ME} {REACH} (?:(?:for|about|on|with) )?(?P<rest>.+)", "whois {rest}"),
    (rf"(?:call|page|ping|ask) (?P<rest>[\w.-]+) (?:about|for|on) {N}{END}", "incident escalate {n} to {rest}"),
    (r"(?:page|ping) (?P<rest>[a-z][\w\x20.-]*)", "whois {rest}"),
    (rf"how {ME} (?:fix|debug|handle|troubleshoot|check) (?P<rest>.+)", "runbook {rest}"),
    (rf"what {ME} do (?:about|with|when|if|for) (?P<rest>.+)", "runbook {rest}"),
    (r"how (?:do|can|should) (?:i|we) (?P<rest>.+)|how to (?P<n>.+)", "desk help {rest}{n}"),
    (r"what do (?:i|we) type (?:to|for) (?P<rest>.+)|what'?s the command (?:to|for) (?P<n>.+)", "desk help {rest}{n}"),
    (rf"(?:hey|hi|hello) (?:there|desk|bot|all|team|everyone){END}", "desk help"),
    (r"(?:links?|dashboards?|boards?|logs?) (?:for|to|of) (?P<rest>.+)", "links {rest}"),
    (r"where(?:'?s| is| are) (?:the )?(?P<rest>.+?) (?:dashboards?|boards?|links?|logs)[\s?!.]*", "links {rest}"),
    (r"(?:poc|contacts?|owners?) (?:for|of|on) (?P<rest>.+)", "whois {rest}"),
    (r"who(?:'?s| is) the (?:poc|contact|owner|expert|person) (?:for|of|on) (?P<rest>.+)", "whois {rest}"),
    # on call
    (rf"who(?:'?s| is) (?:on )?(?:after|following) (?!\d)[\w@<>.-]+{END}", "oncall next"),
    (rf"(?:is )?(?:anyone|anybody|someone|somebody) on(?: call| shift| duty){END}", "oncall"),
    (
        rf"(?:who'?s|who is|who) on ?call (?:this|the|next) weekend{END}|(?:the )?(?:on ?call )?schedule{END}",
        "oncall week",
    ),
    (
        rf"who(?:'?s| is| was| will be)? (?:covering|covers|working|works|doing|has) (?P<rest>{DAYS}){END}",
        "oncall {rest}",
    ),
    (
        rf"when (?:does|is|will) (?!i\b)(?P<rest>[\w@<>.-]+) (?:work|working|be on|on|up)"
        rf"(?: call| shift| duty| next)*{END}",
        "oncall when {rest}",
    ),
    (rf"am i on(?: ?call)? (?P<rest>{DAYS}){END}", "oncall {rest}"),
    (rf"(?:who'?s|who is|who was|who will be) on(?: shift| duty| call)?(?: (?P<rest>{DAYS}))?{END}", "oncall {rest}"),
    (rf"who(?:'?s| is| has)(?: got)? (?:the )?(?:pager|duty|shift|on duty){END}", "oncall"),
    (rf"when am i (?:next )?(?:on|up)(?: call| shift| duty)?(?: next)?{END}", "oncall me"),
    (r"(?:i need|need|looking for) cover (?P<rest>.+)", "oncall cover {rest}"),
    (
        rf"i(?:'?m (?:out|off|away)| (?:can'?t|cannot|won'?t) (?:do|work|make|cover))(?: on)? (?P<rest>{DAYS}){END}",
        "oncall swap @somebody {rest}",
    ),
    (r"swap (?:my )?(?P<rest>[\w\x20-]+?)(?: shift)? with (?P<n>[\w@<>.-]+)[\s?!.]*", "oncall swap {n} {rest}"),
    (r"can (?P<n>[\w@<>.-]+) cover (?:me )?(?:on |for )?(?P<rest>.+?)[\s?]*", "oncall swap {n} {rest}"),
    # alerts, traces, the desk, the day's post
    (rf"{ANY}(?: new| open)* alerts?{END}|what'?s (?:alerting|firing){END}", "alerts"),
    (r"ignore alert (?P<n>#?\d{1,9})\b,?(?P<rest>.*)", "alerts noise {n} {rest}"),
    (r"alert (?P<n>#?\d{1,9}) is noise\b,?(?P<rest>.*)", "alerts noise {n} {rest}"),
    (r"(?:is )?any(?:thing)? (?:failing|errors?)(?: (?:in|on|for) (?P<rest>.+?))?[\s?!.]*", "traces {rest}"),
    (r"errors? (?:(?:in|on|for|of) )?(?P<rest>[a-z][\w-]*)[\s?!.]*", "traces {rest}"),
    (
        r"traces? (?:(?:for|of|in|on) )?(?P<rest>[\w-]+) (?:(?:in|from|over|for) )?(?:the )?last (?P<n>\d+ ?\w+)\W*",
        "traces {rest} {n}",
    ),
    (r"traces? (?:for|of|in|on) (?P<rest>.+)", "traces {rest}"),
    (r"help (?:me )?(?:with|on|about) (?P<rest>.+)", "desk help {rest}"),
    (r"alerts? (?:for|from|of) (?P<rest>.+)", "alerts {rest}"),
    (r"what(?:'?s| is) alert (?P<n>#?\d{1,9})[\s?]*", "alerts {n}"),
    (rf"sentry (?:issues|alerts|errors){END}", "alerts"),
    (rf"what(?:'?s| is) (?:this|that) alert{END}", "alerts"),
    (rf"watch status{END}|is the watch (?:on|off|running|working){END}", "watch"),
    (r"(?:turn|switch) (?P<n>on|off) (?:the )?watch(?:ing)?(?: (?P<rest>.+))?", "watch {n} {rest}"),
    (r"(?:turn|switch) (?:the )?watch (?P<n>on|off)(?: (?P<rest>.+))?", "watch {n} {rest}"),
    (rf"(?:how are|how'?s|are|is) the {COUNTS}(?: (?:looking|doing|normal|ok|okay|fine|good|today))*{END}", "stats"),
    (
        rf"(?:show )?(?:me )?(?:an? |the )?(?:chart|graph|plot) (?:for|of) (?:the )?(?P<rest>{SPAN}){END}",
        "stats chart {rest}",
    ),
    (r"stop (?:the )?watch(?:ing)?(?: (?P<rest>.+))?", "watch off {rest}"),
    (rf"(?P<n>today|week|month)'?s? (?:chart|graph){END}", "stats chart {n}"),
    (rf"undo (?:my |the )?last(?: one| thing| change)?{END}|take back", "undo"),
    (rf"version|(?:is |are )(?:datadog|slack|the desk|the bot) (?:ok|up|down|working|connected){END}", "desk status"),
    (rf"(?:are you|you|u) (?:there|up|alive|awake|ok){END}", "desk status"),
    (rf"(?:show |see )?(?:me )?(?:what'?s in )?(?:today'?s|the) (?:day'?s )?summary{END}", "summary"),
    (rf"(?:is|was|did) (?:the |today'?s )?(?:summary|post) (?:posted|out|sent|post|go out){END}", "summary status"),
    (
        rf"when (?:does|do|is|will) (?:the |today'?s )?(?:summary|post)"
        rf"(?: (?:go|going|be|get))?(?: (?:out|posted|sent|due|post))?{END}",
        "summary status",
    ),
    (
        rf"(?:don'?t|do not) (?:post|send)(?: the| a)?(?: summary| post)? (?P<rest>{DAYS})\b(?P<n>.*)",
        "summary skip {rest} {n}",
    ),
    (rf"(?:show )?(?:me )?(?P<rest>today|yesterday)'?s (?:summary|post|recap){END}", "summary {rest}"),
    (rf"(?:what did i miss|catch me up|bring me up to speed|fill me in|what'?s new|anything new){END}", "summary"),
    (rf"(?:tell|for|note for|note to) (?:the )?next {SHIFT}(?: that| to)?[:,]? (?P<rest>.+)", "summary note {rest}"),
    (
        rf"(?:what happened|what did we have|how did (?:we do|it go)|recap(?: of)?|eod|daily|give me)"
        rf" (?P<rest>today|yesterday){END}",
        "summary {rest}",
    ),
    (rf"(?:give me )?(?:the |a )?(?:recap|eod|eod summary|daily summary|preview){END}", "summary"),
    (
        rf"(?:show )?(?:me )?(?:the )?(?:hand ?over |hand ?off )?notes{END}|what'?s (?:in )?the hand ?over{END}",
        "summary notes",
    ),
    (r"add to (?:the )?hand ?(?:over|off)[:,]? (?P<rest>.+)", "summary note {rest}"),
    (r"hand ?(?:off|over) notes?[:,]? (?P<rest>.+)", "summary note {rest}"),
)
# What is tried only where a line means nothing else.
ELSE = (
    (r"(?=.*\bsev ?\d)(?P<rest>.+?),? open[\s.!]*", "incident open {rest}"),
    (r"(?P<rest>[\w-]+) incidents?[\s?!.]*", "incident list {rest}"),
    (rf"(?:is|are) (?P<rest>{THING}) (?:{OK}|{BAD})\b[\s?!.]*", "incident list {rest}"),
    (rf"(?P<rest>{THING} (?:is|are) {BAD}\b[^?]*)", "incident open {rest}"),
    (r"where(?:'?s| is| are| can i find) the (?P<rest>[\w\x20-]+)[\s?!.]*", "links {rest}"),
    (r"(?P<rest>[\w-]+(?: [\w-]+)?) (?:contacts?|owners?|poc|people|team)[\s?!.]*", "whois {rest}"),
    (r"(?P<rest>[\w-]+(?: [\w-]+)?) runbook[\s?!.]*", "runbook {rest}"),
    (r"(?P<rest>[\w-]+(?: [\w-]+)?) (?:dashboards?|links?)[\s?!.]*", "links {rest}"),
)


def compiled(sayings: Sequence[tuple[str, str]]) -> list[Saying]:
    """Return the sayings as patterns: however wide their blanks are, and whichever apostrophe is typed."""
    written = (
        (one.replace("'", "['’]").replace(" ?", BLANKS).replace(" ", BLANK), command) for one, command in sayings
    )
    return [(regex(rf"\A(?:{one})\Z", re.IGNORECASE | re.DOTALL), command) for one, command in written]


FIRST, LAST = compiled(SAYINGS), compiled(ELSE)


def said(line: str, sayings: Sequence[Saying]) -> Iterator[str]:
    """Yield the commands that a line may be put as by these sayings, the likeliest first."""
    if len(line) > LONGEST:
        return
    for pattern, command in sayings:
        if found := pattern.fullmatch(line.strip()):
            parts = {name: (value or "").strip(" ,:\t") for name, value in found.groupdict().items()}
            yield command.format(**{"n": "", "n2": "", "rest": "", **parts}).strip()
