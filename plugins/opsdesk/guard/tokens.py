"""Tokens, keys and passwords."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from opsdesk.guard.beside import Screened
from opsdesk.guard.folding import Folded, places_of
from opsdesk.guard.kinds import Found, Kind
from opsdesk.patterns import regex

# Each by letters of its own, behind those that a text must hold; a part of one is as good as all of it to whoever
# guesses the rest.
KNOWN: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("xox", regex(r"xox[a-z](?:\.xox[a-z])?-(?=[\w-]{0,40}[0-9])[\w%/+=-]{6,}")),
    ("xapp-", regex(r"xapp-(?=[\w-]{0,40}[0-9])[\w-]{6,}")),
    ("xwfp-", regex(r"xwfp-[\w-]{6,}")),
    (
        "hooks.slack",
        regex(r"hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/(?=[\w/-]{0,80}[0-9])[\w/-]{8,}"),
    ),
    *((f"gh{kind}_", regex(rf"gh{kind}_[0-9A-Za-z_]{{10,}}")) for kind in "pousr"),
    ("github_pat_", regex(r"github_pat_\w{10,}")),
    ("AKIA", regex(r"AKIA(?<![0-9A-Za-z]AKIA)[0-9A-Z]{8,}")),
    ("ASIA", regex(r"ASIA(?<![0-9A-Za-z]ASIA)(?=[A-Z]{0,15}[0-9])[0-9A-Z]{8,}")),
    ("A3T", regex(r"A3T(?<![0-9A-Za-z]A3T)[0-9A-Z]{13,}")),
    ("ABIA", regex(r"ABIA(?=[A-Z]{0,15}[0-9])[0-9A-Z]{12,}")),
    ("ACCA", regex(r"ACCA(?=[A-Z]{0,15}[0-9])[0-9A-Z]{12,}")),
    ("eyJ", regex(r"eyJ(?<![\w-]eyJ)(?:[\w-]{6,}={0,2}(?:\.[\w-]{2,}={0,2}){1,4}|[\w-]{16,})")),
    ("ddapp_", regex(r"ddapp_\w{8,}")),
    ("ddpat_", regex(r"ddpat_\w{8,}")),
    ("pub", regex(r"pub(?<![0-9A-Za-z]pub)[0-9a-f]{32}(?![0-9A-Za-z])")),
    ("npm_", regex(r"npm_[0-9A-Za-z]{20,}")),
    ("AIza", regex(r"AIza[\w-]{20,}")),
    ("hvs.", regex(r"hvs\.[\w-]{20,}")),
    ("ya29.", regex(r"ya29\.[\w-]{20,}")),
    *(
        (f"{vendor}_", regex(rf"\b{vendor}_(?=[\w-]{{0,60}}[0-9])[\w-]{{20,}}"))
        for vendor in ("dop_v1", "hf", "shpat", "shpss", "glsa", "rubygems", "dckr_pat", "lin_api")
    ),
    ("sk-", regex(r"sk-(?<![0-9A-Za-z]sk-)(?=[A-Za-z_-]{0,60}[0-9])[\w-]{20,}")),
    ("AC", regex(r"AC(?<![0-9A-Za-z]AC)[0-9a-f]{32}(?![0-9A-Za-z])")),
    *((f"sntry{kind}_", regex(rf"sntry{kind}_[\w+/=-]{{10,}}")) for kind in "su"),
    ("FwoG", regex(r"FwoG[\w+/=%-]{20,}")),
    ("IQoJ", regex(r"IQoJ[\w+/=%-]{20,}")),
)
# By a letter that is seldom in a text, and far sooner found than a word.
KNOWN_BY_SIGN = {
    sign: tuple(one for one in KNOWN if sign == next((letter for letter in "_-." if letter in one[0]), ""))
    for sign in ("_", "-", ".", "")
}
PEM_KIND = r"(?:[A-Z0-9]{1,12} ){0,4}(?:KEY(?: BLOCK)?|CERTIFICATE(?: REQUEST)?|PARAMETERS|MESSAGE)-{2,5}"
PEM, PEM_END = regex(rf"-{{2,5}} ?BEGIN {PEM_KIND}"), regex(rf"-{{2,5}} ?END {PEM_KIND}")
PEM_INSIDE = regex(r"(?:[\w+/=\s:,.…]|-(?!-)|\\[nr])*+")
SCHEME = r"(?:bearer|basic|token|digest|api-?key|negotiate|ntlm|splunk|hmac|signature|jwt|key|aws4-hmac-sha256)"
OF_CODE = r"s?[\"']?\s?(?:is |was |[:=>]{1,2}\s?)?[\"']?(?P<secret>(?=[a-z$!@#%&*-]{0,20}[0-9])[\w$!@#%&*-]{4,40})"
# What stands behind words that announce it, by a hint of those.
ANNOUNCED: tuple[tuple[str, re.Pattern[str] | Screened], ...] = (
    (
        "authori",
        regex(
            rf"""authori[sz]ation[\"'\\]{{0,3}}\s{{0,2}}(?:(?P<link>=>|:|=|%3[ad])[ \t]{{0,2}})?[\"'\\]{{0,3}}
            (?P<secret>{SCHEME}(?:[ \t]|%20){{1,2}}(?![$<{{\[*%(]|your|\.\.\.|…|xxx)[\"']?[^\s\"'\\<>,;]{{3,}}
                (?:,\s?[\w-]{{1,30}}=[\"']?[^\s\"'\\,]{{1,400}}[\"']?)*+
            |(?(link)(?!{SCHEME}\s)(?=[^\s\"'\\]{{0,200}}[0-9])[^\s\"'\\<>,;)]{{8,}}|(?!)))""",
            re.VERBOSE,
        ),
    ),
    ("cred", regex(r"cred(?:ential)?s?[\"']?\s?[:=]\s?[\w.@-]{2,40}\s?[/:]\s?(?P<secret>[^\s\"']{6,})")),
    (
        "code",
        Screened(
            regex(rf"code{OF_CODE}"),
            regex(rf"(?:access|verify|verification|one[ -]?time|otp|mfa|2fa|security|log[ -]?in)[ _-]?code{OF_CODE}"),
        ),
    ),
    ("otp", regex(r"\botp[\"']?\s?(?:is |was |[:=>]{1,2}\s?)?[\"']?(?P<secret>[0-9]{4,8})(?![0-9a-z])")),
    ("pin", regex(r"\bpin[\"']?(?: is | was |\s?[:=>]{1,2}\s?| \#)[\"']?(?P<secret>[0-9]{4,8})(?![0-9a-z])")),
    ("auth", regex(r"\bauth[\"']?[\s:=>]{1,4}[\"']?(?P<secret>[0-9a-f]{32,64})(?![0-9a-z])")),
    ("bearer", regex(r"bearer[: ]{1,2}(?P<secret>(?=[\w.~+/=-]{0,60}[0-9])[\w.~+/=-]{8,}|[\w.~+/=-]{24,})")),
    ("basic ", regex(r"basic (?P<secret>[a-z0-9+/]{12,}={1,2}|(?=[a-z+/]{0,60}[0-9])[a-z0-9+/]{16,})(?!\w)")),
    (
        "cookie",
        regex(
            r"cookie[\"']?\s?(?:=>|:)\s?[\"']?(?P<secret>[\w.-]{1,60}=[^\s\"';]{6,}(?:; ?[\w.-]{1,60}=[^\s;\"']{1,})*+)"
        ),
    ),
    (
        "://",
        regex(r"://(?P<secret>[^\s/@:\"'<>|]{0,100}:[^\s/@\"'<>|]{1,200}|[0-9a-f]{16,}|gh\w{10,}|[\w-]{32,})@"),
    ),
    ("curl", regex(r"curl\s(?:[^\n]{0,300}?\s)?(?:-u|--user)[ =][\"']?(?P<secret>[^\s\"':]{1,80}:[^\s\"']{3,})")),
)
# What is called a secret, with its value beside it.
NAMES_OF_SECRETS = ("pass", "pwd", "pw ", "pw:", "pw=", "secret", "credential", "token", "key")
WORD = regex(
    r"(?:pass(?:word|wd|phrase|code)?|pwd?|secrets?|credentials?|tokens?|keys?)"
    r"(?:[ _-]?(?:access[ _-]?)?(?:id|base|value|key))?(?![a-z0-9])"
)
NOT_SECRET = regex(
    r"(?:idempotency|next|page|continuation|pagination|cancel(?:lation)?|sync|cursor|resume|arn:\S{1,60})[ _:-]?\Z"
)
OF_WHAT = regex(
    r"(?:dd|datadog|api|access|secret|private|auth|app|application|client|signing|encryption|master|deploy|service|account"
    r"|storage|x|aws|slack|bot|github|lorota|chip|vetext|jwt|oauth|shared|ssh|sas|vault|npm|pypi|pagerduty|session|hmac"
    r"|webhook|license|bearer)[ _-]?\Z"
)
SIGNS_IN = regex(r"://[^\s/@]{0,36}\Z")  # for ANNOUNCED
VALUE = regex(
    r"[\"'\\`]{0,3}[ \t]{0,2}(?P<link>=>|:=|[:=→➜]|%3[ad]|->|is(?: now)?:? |was:? |(?<=[ \t\"']))[ \t]{0,2}"
    r"(?P<open>[\"'\\`]{0,3})(?P<secret>(?<=\")[^\"\n]{4,100}(?=\")|[^\s\"'\\`,;<>|&]{4,400})"
)
REST = regex(r"[^\s\"'\\`,;<>|&]*")
REST_OF_WORD = regex(r"[^\s\"'\\`,;<>|)]*")  # in an address, "&" ends a value
NO_SECRET = regex(
    r"nil|null|none|true|false|undefined|missing|expired|invalid|required|redacted|filtered|changeme|your|example|xxx|\*"
    r"|\.\.\.|…|\[|<|\$|\{|%\(|%[sd]|placeholder|unset|empty|blank|not|https?:|env|process\.|os\.|settings\.|config\."
    r"|vault:|ssm:|arn:|/|\(|=|:|\ufffc"
)
# A call, a look-up, or the name of a variable: source code, where the secret itself is not.
CODE = regex(
    r"[a-z_][\w.]*[(\[{]|(?=[a-z_.]+\Z)[a-z_]+\.[a-z_.]"
    r"|(?=[a-z0-9_.]*\Z)(?>(?:[a-z0-9_.]*[0-9])?)[a-z_.]*?(?:password|secret|token|key|credential)"
)
# Letters of the tokens that detect-secrets knows beyond these.
OF_VENDORS = ("sk_live", "rk_live", "sg.", "sq0", "glpat-", "_authtoken", "t3blbkfj", "pypi-", "accountkey=", ":aa")
BEFORE, BEHIND = 100, 400  # letters around those within which its patterns look


def tokens(folded: Folded) -> Iterator[Found]:
    """Return each token, key and password: by its own letters, or by what it is called."""
    text, lower = folded.text, folded.lower
    for sign, known in KNOWN_BY_SIGN.items():
        for hint, pattern in known if sign in text else ():
            if hint in text:
                yield from (Found(Kind.TOKEN, one.start(), one.end()) for one in pattern.finditer(text))
    if "begin" in lower and "--" in lower:
        yield from _pem(text)
    for hint, announced in ANNOUNCED:
        if hint in lower:
            yield from (Found(Kind.TOKEN, *one.span("secret")) for one in announced.finditer(lower))
    yield from _all_called(folded)
    for hint in OF_VENDORS:
        if hint in lower:
            yield from _of_vendor(folded, hint)


def _pem(text: str) -> Iterator[Found]:
    at = 0
    while begin := PEM.search(text, at):
        inside = PEM_INSIDE.match(text, begin.end())
        at = inside.end() if inside else begin.end()
        end = PEM_END.match(text, at)
        at = end.end() if end else at
        yield Found(Kind.TOKEN, begin.start(), at)


def _all_called(folded: Folded) -> Iterator[Found]:
    for word in NAMES_OF_SECRETS:
        end = 0
        for at in places_of(word, folded.lower) if word in folded.lower else ():
            for found in _called(folded, at) if at >= end else ():
                end = found.end
                yield found


def _called(folded: Folded, at: int) -> Iterator[Found]:
    """Return the value beside what may be the name of a secret there."""
    word = WORD.match(folded.lower, at)
    value = VALUE.match(folded.lower, word.end()) if word else None
    before = folded.lower[max(0, at - 64) : at]
    if not word or not value or SIGNS_IN.search(before) or NOT_SECRET.search(before):
        return
    is_key = bool(OF_WHAT.search(before))
    is_word = is_key or not before[-1:].isalpha() or len(word[0]) > 4
    is_password = word[0].startswith("p")
    if is_word and (is_key or not word[0].startswith("key")) and _is_secret(value, is_password):
        in_address = value["link"] == "=" or "?" in before.rpartition(" ")[2]
        rest = (REST if in_address else REST_OF_WORD).match(folded.lower, value.end())
        yield Found(Kind.TOKEN, value.start("secret"), rest.end() if rest else value.end())


def _is_secret(value: re.Match[str], is_password: bool) -> bool:
    """Return whether a value is written as a secret is: not as a word, a count, or the name of a variable."""
    secret, link = value["secret"].rstrip(".)]}:!?"), value["link"].strip()
    if len(secret) < 4 or NO_SECRET.match(secret) or (not value["open"] and CODE.match(secret)):
        return False
    digits = any(letter.isdigit() for letter in secret)
    both = digits and any(letter.isalpha() for letter in secret)
    if link in ("", "is", "is now", "was", "is:", "was:"):
        return (digits and len(secret) >= 20) or (both and len(secret) >= (6 if is_password else 12))
    if is_password:
        return bool(value["open"]) or digits or not secret.isalnum() or link != ":"
    return (both and len(secret) >= 8) or (digits and len(secret) >= 16) or len(secret) >= 24


def _of_vendor(folded: Folded, hint: str) -> Iterator[Found]:
    seen = 0
    for at in places_of(hint, folded.lower):
        if at < seen:
            continue
        begin, seen = max(0, at - BEFORE), at + BEHIND // 2
        window = folded.text[begin : at + BEHIND]
        for pattern in _vendors_patterns()[hint]:
            yield from (Found(Kind.TOKEN, begin + one.start(), begin + one.end()) for one in pattern.finditer(window))


@cache
def _vendors_patterns() -> dict[str, Sequence[re.Pattern[str]]]:
    """Return detect-secrets' patterns by those letters, loaded when first wanted: they bring much along."""
    from detect_secrets.plugins import (
        azure_storage_key,
        gitlab_token,
        npm,
        openai,
        pypi_token,
        sendgrid,
        square_oauth,
        stripe,
        telegram_token,
    )

    return {
        "sk_live": stripe.StripeDetector.denylist,
        "rk_live": stripe.StripeDetector.denylist,
        "sg.": sendgrid.SendGridDetector.denylist,
        "sq0": square_oauth.SquareOAuthDetector.denylist,
        "glpat-": gitlab_token.GitLabTokenDetector.denylist,
        "_authtoken": npm.NpmDetector.denylist,
        "t3blbkfj": openai.OpenAIDetector.denylist,
        "pypi-": pypi_token.PypiTokenDetector.denylist,
        "accountkey=": azure_storage_key.AzureStorageKeyDetector.denylist,
        ":aa": telegram_token.TelegramBotTokenDetector.denylist,
    }
