"""What people say in a sentence where a command would do, put as that command."""

import re
from collections.abc import Iterator, Sequence

from opsdesk.commands.word_lists.keeping import ASK, END, NOTES, N
from opsdesk.commands.word_lists.shell import SHELL
from opsdesk.commands.word_lists.telling import TELLING
from opsdesk.patterns import regex, seldom
from opsdesk.text import DAY

Saying = tuple[re.Pattern[str], str]  # and the command that it is put as

BLANKS, BLANK = r"[\t\x20]*", r"[\t\x20]+"
WIDE = regex(BLANK)
NAME = regex(r"\(\?P<\w+>")  # of a part
FLAGS = re.IGNORECASE | re.DOTALL
LONGEST = 500  # characters of a line that can be a saying
OVER = r"(?:fixed|resolved|solved|over|closed|done|gone)"
THERE = r"(?:there'?s|there is|we have|we'?ve got|got|i have|seeing|need to open)"
TROUBLE = r"(?:issues?|problems?|outages?|errors?|timeouts?)"
PAST = r"today|yesterday|this week|last week|week"
BE = r"(?:is|are|was|has been|looks|seems)"
CHANGE = r"(?:mark|set|bump|make|change|move|put|switch|raise|lower|drop|upgrade|downgrade|escalate)"
STATE = r"(?:sev|severity|investigating|identified|monitoring|resolved|fixed|closed|done)"
STATUS = r"(?:investigating|identified|monitoring)\b"
TIME_OF_DAY = r"\d{1,2}(?::\d\d)? ?[ap]m|\d{1,2}:\d\d"
DAYS = rf"{DAY}|this week"
DUTY = r"(?:on(?: ?call| shift| duty)?|working|covering)"
ME = r"(?:do|should|can|would|to) ?(?:i|we)?"
NEWS = r"(?:updates?|news|status|details|info|history|timeline|eta|latest)"
ON_IT = r"(?:looking|working|checking|investigating)"
DOUBT = r"(?:but|except|only|not|unless|if|until|till?|when|once|later|soon|from)\b"
HELP = r"(?:help|assist|look|fix|debug)"
NAMED = r"(?!(?:an?|the|this|incidents?|alerts?|stats|summary|oncall)\b)"
THING = r"(?!(?:(?:pre-)?check-ins|it|this|that|he|she|they|we|you|i|who|what|nobody|nothing)\b)[a-z][\w-]*(?: [\w-]+)?"
OK = r"(?:ok|okay|fine|up|back|working|healthy|good)"
BAD = r"(?:down|slow|broken|failing|timing out|dead|offline|stuck|hanging|on fire|not (?:working|responding|loading))"
ANY = r"(?:is |are )?(?:there )?any(?:thing)?"
POLITE = r"(?:please|pls|plz|thx|thanks|now|rn|asap)"


SUBJECT = r"[\w-]+(?: [\w-]+)?"
NAME2 = r"(?!(?:it|that|this|what|who|there|he|she|let|here)\b)[a-z][\w-]*(?: [a-z][\w-]*)?"
CONTACT = (
    r"(?:(?:phone|cell|mobile|slack|teams|email|direct|contact|work) )?"
    r"(?:number|no|phone|cell|mobile|email|e-mail|mail|slack|handle|contact|contact info|extension|ext|digits|address)"
)
REACHING = r"how (?:do|can|could|should) (?:i|we) (?:reach|contact|get hold of|get ahold of|call|ping)"
OF_IT = r"(?: (?:problem|issue|thing|stuff|error|errors|question|questions|trouble|incident|outage|help)s?)?"

SAYINGS = (
    # an incident, by its number
    (rf"(?:incident )?{BE} {OVER} {N}\b(?P<rest>[^?]*)", "incident resolve {n} {rest}"),
    (rf"(?:{N} )?(?:is )?back (?:online|up|to normal){END}", "incident resolve {n}"),
    (rf"(?:i'?m |i am )?(?:on it|{ON_IT})(?: into| at| on)? {N}{END}", "incident ack {n}"),
    (rf"(?:i'?m|i am) on {N}(?:{END}|[,;.:!]+ (?!{DOUBT})(?P<rest>.+))", "incident ack {n} {rest}"),
    (rf"(?:i )?(?:got it|see it|i see|eyes on),? {N}{END}", "incident ack {n}"),
    (
        rf"(?:give|hand|pass) {N} (?:over )?to (?P<rest>[\w@<>.-]+)(?:,? (?!{POLITE}\b)(?P<n2>.+?))?{END}",
        "incident assign {n} {rest} {n2}",
    ),
    (rf"{N} (?:is )?(?:a )?(?:dup|duplicate) of (?P<rest>.+)", "incident merge {n} into {rest}"),
    (rf"(?:dup|duplicate) {N} of (?P<rest>.+)", "incident merge {n} into {rest}"),
    (rf"(?:cancel|delete|remove|kill) {N}\b(?P<rest>.*)", "incident void {n} {rest}"),
    (rf"{N} was (?:a )?mistake{END}", "incident void {n} opened by mistake"),
    (rf"(?P<n2>close|resolve|ack|take|show) (?:number|no\.?|nr\.?) {N}\b(?P<rest>.*)", "incident {n2} {n} {rest}"),
    (
        rf"(?:mute|silence|stop|quiet|pause|hold) (?:the |my |all |your )*(?:reminders?|pings|pokes)"
        rf" (?:for|of|on|about) {N} ?(?P<rest>.+)",
        "incident snooze {n} {rest}",
    ),
    (rf"(?:quiet|hush) {N} (?P<rest>.+)", "incident snooze {n} {rest}"),
    (rf"{CHANGE} {N} (?:to |as |is )?(?P<rest>{STATE}.*)", "incident {n} {rest}"),
    (rf"status (?:of )?{N} (?:is |to |now )?(?P<rest>{STATUS}[^?]*)", "incident {n} {rest}"),
    (rf"status (?:is |to |now )?(?P<rest>{STATUS}) (?:on |for |of )?{N}{END}", "incident {n} {rest}"),
    (rf"status (?:is |to |now )?(?P<rest>{STATUS})[,;:.]*(?P<n>[^?]*)", "incident update --status {rest} {n}"),
    (rf"(?P<rest>{STATUS}) {N}{END}", "incident {n} {rest}"),
    (rf"(?:now )?sev(?:erity)? ?(?P<n>[1-3]){END}", "incident update --sev {n}"),
    (
        rf"{N} (?:actually |really )?(?:started|began) (?:at )?(?P<rest>{TIME_OF_DAY}){END}",
        "incident update {n} --started {rest}",
    ),
    (rf"(?:any )?{NEWS} (?:on|of|for|about) {N}{END}", "incident {n}"),
    (rf"{N} (?:{BE} )?\w+\s*\?+", "incident {n}"),
    (rf"(?:add )?(?:a )?(?:comment|note) (?:(?:on|to|for|about) )?{N} (?P<rest>.+)", "incident note {n} {rest}"),
    (
        rf"{ASK}(?:write |draft |need |give me |make |i need |do )?(?:an? |me an? |the |some )?(?:short |quick )?"
        r"(?:blurb|notice|wording|statement|comms) (?:for|to) (?:the )?"
        r"(?:stakeholders?|leadership|customers?|users|clinics|sites|management|business|public)"
        rf"(?: (?:on|about|for|re) {N})?{END}",
        "incident notice {n}",
    ),
    (
        r"(?:connect|relate|tie|associate|cross-?link|link|attach) (?P<rest>(?:#|inc-?)?\d{1,9}) "
        rf"(?:with|to|and|&|up with|together with) {N}(?![\w./-])(?P<n2>.*)",
        "incident note {rest} related to {n} {n2}",
    ),
    (rf"(?:flag|count|consider|treat|mark) {N} (?:down )?as (?P<rest>{STATE}.*)", "incident {n} {rest}"),
    (rf"export {N} (?:as|to) .*", "incident export {n}"),
    (rf"announce {N}{END}", "incident announce {n}"),
    (
        rf"(?:what are |show |list )?(?:me )?(?:(?:my|the|our|all|open) )*(?:action items|todos){END}",
        "incident action list",
    ),
    (rf"(?:action|todo|follow-?up)(?: item)? (?:on|for|from) {N}[:,]? (?P<rest>.+)", "incident action {n} {rest}"),
    (rf"(?:fixed|resolved|closed|close|solved) (?:it|out|up),? {N}\b(?P<rest>[^?]*)", "incident resolve {n} {rest}"),
    (rf"remind me (?:about|of) {N} (?:in )?(?P<rest>.+)", "incident snooze {n} {rest}"),
    (rf"open {N} (?:back up|again){END}", "incident reopen {n}"),
    # incidents
    (r"report that (?P<rest>.+)", "incident open {rest}"),
    (rf"report (?:an? |some )?{TROUBLE}: ?(?P<rest>.+)", "incident open {rest}"),
    (rf"report (?:an? |some )?(?P<rest>{TROUBLE},? .+)", "incident open {rest}"),
    (rf"{THERE} (?:an? |another )?(?P<n>{TROUBLE}) (?P<rest>(?:with|on|in|at) .+)", "incident open {n} {rest}"),
    (r"(?:start|open|log|create) an? (?:new )?incident (?:for|about|on|that) (?P<rest>.+)", "incident open {rest}"),
    (r"new one[:,]? (?P<rest>.+)", "incident open {rest}"),
    (rf"(?:resolved|closed|fixed|opened) (?P<rest>{PAST}){END}", "incident list {rest}"),
    (
        r"(?:show |list )(?:me )?(?:the )?(?:open )?sev ?\d(?:'?s| incidents?| ones?)?|sev ?\d(?:'?s| incidents?)",
        "incident list",
    ),
    (r"open (?:on|for|in|with) (?P<rest>[\w-]+)\s*\?+", "incident list {rest}"),
    (rf"(?:what'?s |show |list )?(?:mine|my (?:open )?(?:incidents|stuff|ones)){END}", "incident list mine"),
    (rf"what'?s (?:pending|left|outstanding|unresolved|to do){END}|how bad is (?:it|this){END}", "incident list"),
    (r"(?:search|look|find|grep) for (?P<rest>.+)", "incident search {rest}"),
    # whom to ask, where to look
    (rf"whom? {ME} escalate (?:to )?(?:(?:for|about|on|with) )?(?P<rest>.+)", "whois escalate {rest}"),
    (
        rf"(?:to |with )?whom? (?:{ME}|(?:i|we) (?:should|can|could|must|need to|have to|would)) (?:\w+ ){{1,2}}?"
        rf"(?:to |at |with |up )?(?:about|for|regarding|re|concerning) (?:an? |the )?{NAMED}(?P<rest>{SUBJECT})"
        rf"{OF_IT}{END}",
        "whois {rest}",
    ),
    (
        rf"{ASK}(?:who'?s|what'?s|get|give me|i need|whats)? ?(?:the )?(?P<rest>{NAME2})(?:'s|s'?) {CONTACT}{END}",
        "whois {rest}",
    ),
    (
        rf"{REACHING} (?:the )?(?:other |right )?(?:team|people|person|folks|side|guys) (?:for|about|on|of) {N}\b.*",
        "whois escalate {n}",
    ),
    (rf"{REACHING} (?P<rest>{SUBJECT}){END}", "whois {rest}"),
    (
        rf"(?:who|whom|someone|somebody|anyone|anybody) (?:can|could|will|might) {HELP}(?: me| us)?"
        rf"(?: (?:with|at|on|about))? (?P<rest>.+)",
        "whois {rest}",
    ),
    (
        rf"(?:i |we )?need (?:some )?(?:help|someone|somebody) (?:with|on|for|from) (?!\d){NAMED}(?P<rest>.+)",
        "whois {rest}",
    ),
    (
        r"(?:contact (?:info|details|person)|slack(?: channel)?|channel|email|phone(?: number)?)"
        r" (?:for|of) (?P<rest>.+)",
        "whois {rest}",
    ),
    (rf"how {ME} (?:fix|debug|handle|troubleshoot|check) (?P<rest>.+)", "runbook {rest}"),
    (r"how (?:(?:do|can|should) (?:i|we)|(?:i|we) (?:can|do|should)|to) (?P<rest>.+)", "desk help {rest}"),
    (r"what do (?:i|we) type (?:to|for) (?P<rest>.+)|what'?s the command (?:to|for) (?P<n>.+)", "desk help {rest}{n}"),
    (rf"(?:hey|hi|hello) (?:there|desk|bot|all|team|everyone){END}", "desk help"),
    (r"(?:links?|dashboards?|boards?|logs?) (?:for|to|of) (?P<rest>.+)", "links {rest}"),
    # on call
    (
        rf"(?:who'?s|who is|who will be|who) {DUTY} (?:(?:this|the) week|(?:this|the|next) weekend){END}"
        rf"|(?:the )?(?:on ?call )?schedule{END}",
        "oncall week",
    ),
    (
        rf"when(?:'?s| does| is| will) (?!i\b|my\b)(?P<rest>[\w@<>.-]+) (?:work|working|be on|on|up)"
        rf"(?: call| shift| duty| next)*{END}",
        "oncall when {rest}",
    ),
    (rf"(?:who'?s|who is|who will be|who) {DUTY} next week{END}", "oncall next"),
    (rf"(?:who'?s|who is|who was|who will be) {DUTY}(?: (?P<rest>{DAYS}))?{END}", "oncall {rest}"),
    (rf"when am i (?:next )?(?:on|up)(?: call| shift| duty)?(?: next)?{END}", "oncall me"),
    (
        rf"(?:when|what)(?:'?s| is) my (?:first|next) (?:shift|turn|day){END}|when do i (?:start|work|begin){END}",
        "oncall me",
    ),
    (
        rf"(?:when is )?(?!(?:today|tomorrow|tonight|yesterday|who|what|when|it|that|this|there|here)'?s )"
        rf"(?P<rest>[a-z][\w-]+)'s (?:next |own )?(?:shift|shifts|turn|turns|duty){END}",
        "oncall when {rest}",
    ),
    (rf"do i work (?:on )?(?P<rest>{DAYS}){END}", "oncall {rest}"),
    (
        r"(?:approve|accept|agree to|confirm|yes to|ok to) (?:the |that |this |his |her )?"
        r"(?:swap|trade|cover|switch)[\s.!]*",
        "oncall accept",
    ),
    (
        r"(?:decline|refuse|reject|deny|no to) (?:the |that |this |his |her )?(?:swap|trade|cover|switch)[\s.!]*",
        "oncall decline",
    ),
    # alerts, traces, the desk, the day's post
    (rf"{ANY}(?: new| open)* alerts?{END}|what'?s (?:alerting|firing){END}", "alerts"),
    (
        r"traces? (?:(?:for|of|in|on) )?(?P<rest>[\w-]+) (?:(?:in|from|over|for) )?(?:the )?last (?P<n>\d+ ?\w+)\W*",
        "traces {rest} {n}",
    ),
    (r"help (?:me )?(?:with|on|about) (?P<rest>.+)", "desk help {rest}"),
    (r"alerts? (?:for|from|of) (?P<rest>.+)", "alerts {rest}"),
    (rf"sentry (?:issues|alerts|errors){END}", "alerts"),
    (r"handled (?P<n>#?\d{1,9})\b(?P<rest>[^?]*)", "alerts handled {n} {rest}"),
    (rf"(?:stop|pause|quiet|hush) (?:the |that |this )?alert {N}\b(?P<rest>.*)", "alerts mute {n} {rest}"),
    (rf"watch status{END}|is the watch (?:on|off|running|working){END}", "watch"),
    (r"(?:turn|switch) (?P<n>on|off) (?:the )?watch(?:ing)?(?: (?P<rest>.+))?", "watch {n} {rest}"),
    (rf"(?:(?:turn|switch|put) )?(?:the )?watch back on{END}", "watch on"),
    (
        r"(?:stop (?:the )?(?:watch|alert)(?:ing|s)?|(?:quiet|silence|mute) everything"
        r"|(?:going into |start )?maintenance(?: mode| window)?)"
        r"(?: (?!(?:is |was )?(?:finished|over|done|ended))(?P<rest>.+))?",
        "watch off {rest}",
    ),
    (rf"undo (?:my |the )?last(?: one| thing| change)?{END}|take back", "undo"),
    (
        r"version|(?:is |are )(?:datadog|slack|the desk|the bot)(?: itself)?"
        rf" (?:healthy|alive|ok|up|down|working|connected){END}",
        "desk status",
    ),
    (rf"(?:show |see )?(?:me )?(?:what'?s in )?(?:today'?s|the) (?:day'?s )?summary{END}", "summary"),
    (
        rf"(?:don'?t|do not) (?:post|send)(?: the| a)?(?: summary| post)? (?P<rest>{DAYS})\b(?P<n>.*)",
        "summary skip {rest} {n}",
    ),
    (r"(?:don'?t|do not|done) (?:post|send)(?: the| a)?(?: summary| post| it)? yet\b.*", "summary skip"),
    (rf"(?:what did i miss|catch me up|bring me up to speed|fill me in|what'?s new|anything new){END}", "summary"),
    (
        r"(?:give me )?(?:the |a )?(?:recap|eod|eod summary|daily summary|preview|draft)"
        rf"(?: for (?:8|8 ?pm|today|tonight))?{END}",
        "summary",
    ),
    (
        rf"(?:show )?(?:me )?(?:the )?(?:hand ?over |hand ?off )?notes{END}|what'?s (?:in )?the hand ?over{END}",
        "summary notes",
    ),
    (r"how did (?:the|this|our) (?P<rest>sprint|week|month) go[\s?!.]*", "report {rest}"),
    (r"(?:what'?s|what is) this (?:bot|desk|thing)(?: for| about)?[\s?!.]*", "desk help"),
    (
        r"(?:send|post|publish) (?:out )?(?:(?:the |today'?s |tonight'?s )?(?:summary|post|day|days|recap|eod)|it)"
        r" (?:early|now|already)\b.*",
        "summary post",
    ),
    (
        r"(?:.+, )?(?:i'?ll|i will|i can|let me|i) (?:do|take|cover|have|got) the rest of (?!\d)\S+ shift\b.*",
        "oncall take",
    ),
    (r"for (?:tomorrow|tmrw|tomoro)[:,] (?P<rest>.+)", "summary note {rest}"),
    (r"add to (?:the )?hand ?(?:over|off)[:,]? (?P<rest>.+)", "summary note {rest}"),
    (r"hand ?(?:off|over) notes?[:,]? (?P<rest>.+)", "summary note {rest}"),
)
# What is tried only where a line means nothing else.
ELSE = (
    (r"(?=.*\bsev ?\d)(?P<rest>.+?),? open[\s.!]*", "incident open {rest}"),
    (r"(?P<rest>[\w\x27’-]+) incidents?[\s?!.]*", "incident list {rest}"),
    (
        rf"(?:is|are) (?:the )?(?P<rest>{THING}?)(?: (?:thing|issue|problem))? (?:still )?"
        rf"(?:{OK}|{BAD}|{OVER})\b[\s?!.]*",
        "incident list {rest}",
    ),
    (r"where(?:'?s| is| are| can i find) the (?P<rest>[\w\x20-]+)[\s?!.]*", "links {rest}"),
)


class Sayings:
    """Sayings, and one pattern of all of them, which tells the first that a line is: hardly any is one."""

    def __init__(self, sayings: Sequence[tuple[str, str]]) -> None:
        self._each = [(seldom(pattern, FLAGS), command) for pattern, command in written(sayings)]
        each = (f"(?P<_{place}>{NAME.sub('(?:', one)})" for place, (one, _) in enumerate(sayings))
        self._any = regex("|".join(each), FLAGS)  # of lines with narrow blanks: with wide ones it is twice as long

    def put(self, line: str) -> Iterator[str]:
        """Yield the commands that a line may be put as, the likeliest first."""
        first = self._any.fullmatch(_narrow(line := line.strip())) if len(line) <= LONGEST else None
        for pattern, command in self._each[int(str(first.lastgroup).lstrip("_")) :] if first else ():
            if found := pattern.fullmatch(line):
                parts = {name: (value or "").strip(" ,:\t") for name, value in found.groupdict().items()}
                yield command.format(**{"n": "", "n2": "", "rest": "", **parts}).strip()


def _narrow(line: str) -> str:
    """Return a line with each blank, and each apostrophe, as the sayings are written."""
    return WIDE.sub(" ", line).replace("’", "'")


def compiled(sayings: Sequence[tuple[str, str]]) -> list[Saying]:
    """Return the sayings as patterns: however wide their blanks are, and whichever apostrophe is typed."""
    return [(regex(pattern, FLAGS), command) for pattern, command in written(sayings)]


def written(sayings: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the sayings as their patterns are written."""
    for one, command in sayings:
        wide = one.replace("'", "['’]").replace(" ?", BLANKS).replace(" ", BLANK)
        yield rf"\A(?:{wide})\Z", command


FIRST, LAST = Sayings((*NOTES, *SHELL, *TELLING, *SAYINGS)), Sayings(ELSE)
