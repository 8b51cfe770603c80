"""E-mail: a message in plain text to the receivers of a target, by the server that DESK_SMTP names."""

import smtplib
import ssl
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, getaddresses, parseaddr
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import msgspec

from opsdesk import clock
from opsdesk.chat import SendError
from opsdesk.patterns import regex
from opsdesk.targets.outlet import AGAIN, LOOPBACK, TIMEOUT, Letter
from opsdesk.targets.plain import unmarked

PORTS = {"smtp": 587, "smtps": 465}
ADDRESS = regex(r"[^\s<>]{1,64}@[^\s<>@]{1,255}")
SUBJECT = 120  # characters of a subject
AS_TYPED = "smtps://user:password@mail.example.gov?from=desk@example.gov"


class MailServer(msgspec.Struct, frozen=True):
    """Where e-mail is handed in, and by whom. With `tls` from the first byte, else from as soon as the server can."""

    host: str
    port: int
    tls: bool
    sender: str
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"MailServer({self.host!r})"

    @property
    def is_near(self) -> bool:
        """Return whether it is on this machine, where nothing goes over a wire."""
        return self.host in LOOPBACK


def read_server(url: str) -> MailServer:
    """Return the server that DESK_SMTP names. Raise a ValueError, without a word of it, for anything else."""
    wrong = f"DESK_SMTP names no server as {AS_TYPED} does"
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise ValueError(wrong) from None
    sender = _address(parts)
    if parts.scheme not in PORTS or not parts.hostname or not ADDRESS.fullmatch(sender):
        raise ValueError(wrong)
    names = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.hostname, port or PORTS[parts.scheme], parts.scheme == "smtps", sender, *names)


def read_receivers(typed: str) -> tuple[str, ...]:
    """Return the addresses of a target. Raise a ValueError, without a word of them, where there is none."""
    found = tuple(dict.fromkeys(address for _, address in getaddresses([typed.replace(";", ",")]) if "@" in address))
    if not found:
        raise ValueError("holds no e-mail address")
    return found


class Mail:
    """Sends by `server` to `receivers`. `complain` hears of those whom the server refuses."""

    def __init__(
        self, server: MailServer, receivers: tuple[str, ...], complain: Callable[[str], None], now: clock.Now
    ) -> None:
        self._server, self._receivers, self._complain, self._now = server, receivers, complain, now

    def hand(self, letter: Letter) -> None:
        """Send a letter. Raises a SendError if it was not taken for anybody.

        Sent twice, since the first answer was lost, it has one id, by which mail servers drop the second.
        """
        message = written(letter, self._server.sender, self._now())
        try:
            connection = self._connect()
        except smtplib.SMTPAuthenticationError as refused:
            raise SendError(f"the mail server does not take the name and password ({refused.smtp_code})") from None
        except smtplib.SMTPResponseException as refused:
            raise _refusal(refused.smtp_code) from None
        except UnicodeError:  # whose own words hold the password
            raise SendError("DESK_SMTP names a host, a user or a password that no mail server takes") from None
        except (smtplib.SMTPException, OSError) as failed:
            raise SendError(f"the mail server cannot be reached ({type(failed).__name__})", retry_after=AGAIN) from None
        try:
            refused_for = self._hand_over(connection, message)
        finally:
            with suppress(smtplib.SMTPException, OSError):
                connection.close()
        if refused_for:
            many = f"{len(refused_for)} of {len(self._receivers)} addresses"
            self._complain(f"The mail server refused {many} ({_codes(refused_for.values())}); the others were sent it.")

    def _connect(self) -> smtplib.SMTP:
        """Return a connection, secured unless the server is on this machine, and signed in where there is a name."""
        server, context = self._server, ssl.create_default_context()
        if server.tls:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT, context=context)
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
        try:
            connection.ehlo_or_helo_if_needed()
            if not server.tls and not (server.is_near and not connection.has_extn("starttls")):
                connection.starttls(context=context)
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _hand_over(self, connection: smtplib.SMTP, message: EmailMessage) -> dict[str, tuple[int, bytes]]:
        try:
            return connection.send_message(message, to_addrs=list(self._receivers))
        except smtplib.SMTPRecipientsRefused as refused:
            raise _refusal(max(code for code, _ in refused.recipients.values()), "every address") from None
        except smtplib.SMTPResponseException as refused:
            raise _refusal(refused.smtp_code) from None
        except (smtplib.SMTPException, OSError) as lost:
            why = f"the mail server did not confirm it ({type(lost).__name__})"
            raise SendError(why, retry_after=AGAIN, unclear=True) from None


def written(letter: Letter, sender: str, at: datetime) -> EmailMessage:
    """Return the letter as an e-mail sent at `at`: its first line is the subject, too. No receiver sees another."""
    body, domain, message = unmarked(letter.text), parseaddr(sender)[1].rpartition("@")[2], EmailMessage()
    message["Subject"] = " ".join(body.partition("\n")[0].split())[:SUBJECT]
    message["From"], message["To"] = sender, sender
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{letter.record}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"  # so that nobody's absence is answered to it
    if letter.answers:
        message["In-Reply-To"] = message["References"] = f"<{letter.answers}@{domain}>"
    message.set_content(body + "\n")
    return message


def _refusal(code: int, what: str = "it") -> SendError:
    """Return the error for a server's code: those of 400 and more are refused for now, of 500 and more for good."""
    return SendError(f"the mail server refused {what} ({code})", retry_after=AGAIN if 400 <= code < 500 else None)


def _codes(answers: Iterable[tuple[int, bytes]]) -> str:
    return ", ".join(map(str, sorted({code for code, _ in answers})))


def _address(parts: SplitResult) -> str:
    return parse_qs(parts.query).get("from", [""])[0]
