"""Addresses that lead to somebody's check-in, and addresses that are signed."""

from collections.abc import Iterator

from opsdesk.guard.beside import Screened
from opsdesk.guard.folding import Folded, places_of
from opsdesk.guard.kinds import Found, Kind
from opsdesk.guard.words import is_near
from opsdesk.patterns import regex

UUID = Screened(
    regex(r"-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    regex(
        r"[0-9a-f]{8}(?:(?<![0-9a-f-][0-9a-f]{8})|(?<=%[0-9a-f][0-9a-f][0-9a-f]{8}))-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-"
        r"[0-9a-f]{12}(?![0-9a-f-])"
    ),
)
CHECK_INS = (
    *("check-in", "check_in", "checkin", "check in", "precheck", "lorota", "chip", "vetext"),
    *("travel-claim", "travel_claim", "travelclaim"),
    *(
        "dfn",
        "icn",
        "last4",
        "last_4",
        "lastname",
        "last_name",
        '"dob',
    ),  # whoever is asked for by these is asked for by one, too
)
# The addresses of tools that the team works with, which are no patient's.
TOOLS = regex(
    r"arn:|ddog-gov|datadog|github|gitlab|slack|sentry|zenhub|google|microsoft|sharepoint|pagerduty|mural|atlassian|jira"
    r"|confluence|servicenow|service-now|yourit|figma|grafana|argocd|jenkins|notion|miro|zoom|webex|circleci|statuspage"
)
AROUND_ADDRESSES = " \t\n\"'<>|(){}"
REST_OF_ADDRESS = regex(rf"[^{AROUND_ADDRESSES}]{{0,400}}")
# What says that an id is of something else than a check-in.
OF_OTHERS = regex(
    r"(?<![a-z])(?:[xd]{1,2}[-_.])?(?:trace|req(?:uest)?|event|span|correlation|transaction|commit|message|msg|deploy(?:ment)?|build|job|jid|tenant|group"
    r"|workspace|monitor|dashboard|incident|alert|error|log|gateway|apigw|installation|invocation|execution|pod"
    r"|container|run|parent|task|thread|widget|batch|cycle|notification|template|worker|release|version|experiment"
    r"|segment|device|app|client|service|org|issue|result|synthetics?|test|report)"
    r"(?:[-_. ]?(?:ids?|uuids?|guid|key|no|number))?[\"'\\]{0,3}[\s:=>#(\[\"'\\.]{0,6}(?:is |was )?\Z"
)
TAGGED = regex(r"(?:^|[\s\]\[])\[\Z")  # "[3fa85f64-…] Started GET": so Rails tags a line with its request
BEFORE, BEHIND = 120, 80  # letters within which a word for a check-in counts
IDS = regex(
    r"(?<=[?&;])(?:id|uuid|guid|token|session_?(?:id)?|appointment_?(?:id|ien)?|appt_?(?:id)?|key|check_?in_?(?:id|uuid)"
    r"|handoff|patient_?(?:id|icn|dfn)?|icn|dfn|u|t|data)=(?P<id>(?=[^&]{0,400}[0-9])[^&#\s\"'<>|)\]]{5,400})"
)
SEGMENT = regex(r"/(?P<id>[0-9a-f]{16,}|[0-9]{6,}|(?=[a-z_-]{0,40}[0-9])[0-9a-z_-]{20,})(?=[/?#&;.,)\]]|\Z)")
SIGNED = regex(
    r"[?&;](?:x-amz-(?:signature|credential|security-token)|x-goog-(?:signature|credential)|signature|sig|hmac|hash|jwt"
    r"|awsaccesskeyid|key-pair-id|(?:access_|id_|refresh_|auth_|session_)?token|api_?key|app(?:lication)?_?key|secret"
    r"|password|auth|authorization|assertion|samlresponse|client_secret)=(?=[^&\s]{0,200}[0-9])[^&\s\"'<>|)\]]{6,}"
)
REST = regex(r"[^\s\"'<>|)\]]*")


def links(folded: Folded) -> Iterator[Found]:
    """Return the ids of check-ins, in an address or beside a word for one, and each signed query string."""
    lower = folded.lower
    if not folded.has_digits or not ("-" in lower or "/" in lower or "=" in lower):
        return
    check_ins = sorted((at, at + 4) for word in CHECK_INS if word in lower for at in places_of(word, lower))
    if check_ins:
        yield from _uuids(lower, check_ins)
        if "/" in lower or "=" in lower:
            yield from _in_addresses(lower, check_ins)
    if "=" in lower and "?" in lower:
        yield from _signed(lower)


def _uuids(lower: str, check_ins: list[tuple[int, int]]) -> Iterator[Found]:
    for uuid in UUID.finditer(lower):
        before = lower[max(0, uuid.start() - BEFORE) : uuid.start()]
        address = lower[_begin(lower, uuid.start()) : uuid.start()]
        of_a_tool = "/" in address and TOOLS.search(address)
        if of_a_tool or OF_OTHERS.search(before) or TAGGED.search(before):
            continue
        if is_near(check_ins, uuid.start(), uuid.end(), BEFORE, BEHIND):
            yield Found(Kind.LINK, uuid.start(), uuid.end())


def _in_addresses(lower: str, check_ins: list[tuple[int, int]]) -> Iterator[Found]:
    end = 0
    for at, _ in check_ins:
        if at < end:
            continue  # in the address that was looked at
        rest = REST_OF_ADDRESS.match(lower, at)
        begin, end = _begin(lower, at), rest.end() if rest else at
        if TOOLS.search(lower, begin, end):
            continue
        for pattern in (IDS, SEGMENT):
            yield from (Found(Kind.LINK, *one.span("id")) for one in pattern.finditer(lower, at, end))


def _begin(lower: str, at: int) -> int:
    """Return where the address begins that `at` is in, as far as 300 letters back."""
    begin = max(0, at - 300)
    for sign in AROUND_ADDRESSES:  # the blanks first, behind which little is left to look through
        begin = max(begin, lower.rfind(sign, begin, at) + 1)
    return begin


def _signed(lower: str) -> Iterator[Found]:
    done = 0
    for signed in SIGNED.finditer(lower):
        if signed.start() < done:
            continue
        query = lower.rfind("?", max(done, signed.start() - 2000), signed.start() + 1)
        rest = REST.match(lower, signed.end())
        done = rest.end() if rest else signed.end()
        whole = query >= 0 and " " not in lower[query : signed.start()]
        yield Found(Kind.SIGNATURE, (query if whole else signed.start()) + 1, done)
