"""The outbox: every mail waits in the database until `manage.py deliver` hands it over."""

from django.core.files.base import ContentFile
from django.core.mail import mailers, make_msgid
from post_office import EmailBackend
from post_office.models import PRIORITY, STATUS, Email
from post_office.settings import get_default_mailer, get_message_id_fqdn
from post_office.utils import create_attachments, parse_priority

from journal.delivery import hand_over


class Outbox(EmailBackend):
    """Puts mails into the outbox of post_office, as they are.

    post_office's own would read them as templates: what people typed could break a mail, or run.
    Each message is given its `row`, which knows what becomes of it. A message's `calendar`, an
    invitation as calendars read it, is kept in the row, so that it is forgotten with it.
    """

    def send_messages(self, email_messages):
        """Write one row for each message; in development also hand it over at once."""
        for message in email_messages:
            message.row = row_of(message)
        Email.objects.bulk_create([message.row for message in email_messages])
        for message in email_messages:
            if files := files_of(message):
                message.row.attachments.add(*create_attachments(files))
            if message.row.priority == PRIORITY.now:
                hand_over(message.row, mailers[get_default_mailer()])
        return len(email_messages)


def row_of(message):
    """A message as it waits."""
    alternatives = getattr(message, "alternatives", [])
    html = [each.content for each in alternatives if each.mimetype == "text/html"]
    headers = {**message.extra_headers}
    if message.reply_to:
        headers.setdefault("Reply-To", ", ".join(map(str, message.reply_to)))
    calendar = getattr(message, "calendar", "")
    return Email(
        from_email=message.from_email,
        to=message.to,
        cc=message.cc,
        bcc=message.bcc,
        subject=message.subject,
        message=message.body,
        html_message=html[-1] if html else "",
        headers=headers or None,
        message_id=make_msgid(domain=get_message_id_fqdn()),
        context={"calendar": calendar} if calendar else None,
        priority=parse_priority(None),
        status=STATUS.queued,
    )


def files_of(message):
    """Its attachments by name, as post_office takes them."""
    files = {}
    for name, content, mimetype in message.attachments:
        data = content.encode() if isinstance(content, str) else content
        files[name] = {"file": ContentFile(data), "mimetype": mimetype}
    return files
