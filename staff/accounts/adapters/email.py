"""Letters about accounts, as plain text through Django's mail backend."""

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from staff.accounts.rules import Letter


class NotSent(Exception):
    """The mail was not taken, or nobody knows; `permanent` when no later try can change that."""

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        super().__init__(reason)
        self.permanent = permanent


def send(letter: Letter) -> None:
    """Gives the letter to the mail server; returns when the server has taken it."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    message = EmailMessage(
        " ".join(letter.subject.split()),
        "\n".join([*letter.lines, ""]),
        to=[letter.to],
        # Never silent: with `fail_silently` a server that refuses STARTTLS would be spoken to in the clear.
        connection=get_connection(fail_silently=False),
        headers={"Message-ID": f"<{letter.key}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    try:
        message.message()
    except ValueError as error:  # an address or header that cannot be written
        raise NotSent(type(error).__name__, permanent=True) from error
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise NotSent(type(error).__name__, permanent=min(codes, default=0) >= 500) from error
    except OSError as error:  # smtplib's errors are OSErrors too
        raise NotSent(type(error).__name__) from error
