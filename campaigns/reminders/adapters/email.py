"""E-mail through Django's mail backend: SMTP where a server is set, files in the data folder where none is."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import translation

from campaigns.reminders.rules.messages import Mail

PERMANENT = 500


class NotSent(Exception):
    """The mail has certainly not been taken; `permanent` when no later try can change that."""

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        super().__init__(reason)
        self.permanent = permanent


class Unclear(Exception):
    """The connection broke while the mail was being handed over: it may have been taken."""


@contextmanager
def connected() -> Iterator[BaseEmailBackend]:
    """An open connection to the mail server, with a time-out on every step; `NotSent` when there is none to be had."""
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:  # smtplib's errors are OSErrors too
        raise NotSent(_words(error)) from error
    try:
        yield connection
    finally:
        # What was taken stays taken: a farewell that fails must not look like a failed mail.
        with suppress(OSError):
            connection.close()


def hand_over(connection: BaseEmailBackend, mail: Mail) -> None:
    """Gives the mail to the server; returns when the server has taken it."""
    try:
        message = _message(connection, mail)
        message.message()
    except ValueError as error:  # an address or header that cannot be written
        raise NotSent(_words(error), permanent=True) from error
    try:
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise NotSent(_words(error), permanent=min(codes, default=0) >= PERMANENT) from error
    except smtplib.SMTPServerDisconnected as error:
        raise Unclear(_words(error)) from error
    except smtplib.SMTPException as error:  # the server's own refusal
        raise NotSent(_words(error)) from error
    except OSError as error:
        raise Unclear(_words(error)) from error


def _message(connection: BaseEmailBackend, mail: Mail) -> EmailMultiAlternatives:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    text = "\n".join([mail.greeting, "", mail.sentence, mail.campaign, "", mail.link, ""])
    message = EmailMultiAlternatives(
        # A line end in a campaign's name must neither write a header nor keep the mail from going out.
        " ".join(mail.subject.split()),
        text,
        to=[mail.to],
        connection=connection,
        # The same id on every try: a mail program that gets a second copy can tell.
        headers={"Message-ID": f"<{mail.key}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    with translation.override(mail.language):
        message.attach_alternative(render_to_string("mail/reminder.html", {"mail": mail}), "text/html")
    return message


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
