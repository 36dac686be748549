"""What drills ask of a portal's database, in a process of its own: a question a line, as JSON."""

import json
import os
import sys
from pathlib import Path


def cast(*, writers):
    """Two coordinators, and so many delegates of a city, each with things to write on."""
    from django.conf import settings
    from django.test import Client

    from meetings.invitations import token_of
    from tests import make

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # nobody uses one
    coordinators = [make.coordinator(email=f"c{n}@example.org") for n in (1, 2)]
    people, meeting = [], make.meeting(title_it="Assemblea", is_public=True)
    for n in range(writers):
        city = make.city(name=f"Città {n}", slug=f"citta-{n}")
        person = make.delegate(city=city, email=f"d{n}@example.org")
        client = Client()
        client.force_login(person)
        invited = make.invitation(meeting=meeting, user=person, city=city)
        people.append(
            {
                "session": client.cookies["sessionid"].value,
                "city": city.pk,
                "draft": make.project(lead=city, title_it=f"Bozza {n}").slug,
                "published": make.project(lead=city, status="published").slug,
                "verbs": complete(city, n).slug,
                "invitation": invited.pk,
                "token": token_of(invited),
            }
        )
    return {"people": people, "coordinators": len(coordinators), "meeting": meeting.slug}


def complete(city, n):
    from tests import make

    return make.project(
        lead=city, title_it=f"Carta {n}", fields=["design"], text_it="<p>Testo.</p>",
        starts_on="2027-02-01", summary_it="La carta.",
    )  # fmt: skip


def projects(*, slugs):
    """The words, the status and the verbs of these projects."""
    from journal.models import Event
    from projects.models import Project

    return {
        p.slug: {
            "title": p.title_it, "summary": p.summary_it, "status": p.status,
            "verbs": list(Event.objects.about(p).order_by("pk").values_list("verb", flat=True)),
        }
        for p in Project.objects.filter(slug__in=slugs)
    }  # fmt: skip


def created():
    """How often each summary of a project that began in this drill is there."""
    from projects.models import Project

    begun = Project.objects.filter(title_it__startswith="Nuovo")
    return list(begun.values_list("summary_it", flat=True))


def updates():
    """The texts of all updates, and whether their pictures are whole, in every width."""
    from projects.parts import ProjectUpdate

    return [[each.text_it, picture_is_whole(each.picture)] for each in ProjectUpdate.objects.all()]


def finish_pictures():
    """What the mail worker does a few minutes later."""
    from documents import widths

    rows = widths.UnmadeWidths.objects
    rows.update(since=widths.timezone.now() - 2 * widths.AT_WORK)
    return widths.make_widths()


def picture_is_whole(picture):
    from PIL import Image

    if not picture:
        return None
    for name in [picture.name, *(each.name for each in picture.get_picture_files_list())]:
        if not picture.storage.exists(name):
            return f"{name} is missing"
        try:
            with picture.storage.open(name) as file:
                Image.open(file).load()
        except (OSError, SyntaxError) as error:
            return f"{name}: {error}"
    return "whole"


def invitations():
    from meetings.models import Invitation

    return {each.pk: [each.answer, each.note] for each in Invitation.objects.all()}


def half_verbs(*, coordinators):
    """Events of submitting without all of their notifications and mails, and the reverse."""
    from post_office.models import Email

    from journal.models import Event, Notification

    wrong = []
    for event in Event.objects.filter(verb="submit"):
        told = event.notifications.count()
        if told != coordinators:
            wrong.append(f"event {event.pk} told {told} of {coordinators}")
    mailed = Notification.objects.filter(at_once=True).count()
    unmarked = Notification.objects.filter(at_once=True, mailed_at=None).count()
    letters = Email.objects.filter(subject__contains="Carta").count()
    if unmarked or letters != mailed:
        wrong.append(f"{mailed} hurried notifications, {unmarked} without a mail, {letters} mails")
    return wrong


def soundness():
    """What is wrong with the database itself, and rows whose files are not there."""
    from django.apps import apps
    from django.db import connection
    from django.db.models import FileField

    wrong = []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA integrity_check")
            wrong += [row[0] for row in cursor.fetchall() if row[0] != "ok"]
            cursor.execute("PRAGMA foreign_key_check")
            wrong += [f"foreign key of {row[0]}" for row in cursor.fetchall()]
        else:
            wrong += postgres_soundness(cursor)
    for model in apps.get_models():
        fields = [field for field in model._meta.concrete_fields if isinstance(field, FileField)]
        for row in model._base_manager.all() if fields else []:
            for field in fields:
                file = getattr(row, field.name)
                if file and not file.storage.exists(file.name):
                    wrong.append(f"{model.__name__} {row.pk}: {file.name} is missing")
    return wrong


def postgres_soundness(cursor):
    """Every table read whole; with amcheck, where it is, every index compared with its table."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for (table,) in cursor.fetchall():
        cursor.execute(f'SELECT count(*) FROM (SELECT t.*::text FROM "{table}" t) AS every')
    cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'amcheck'")
    if not cursor.fetchall():
        return []
    cursor.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
    cursor.execute(
        "SELECT bt_index_check(c.oid, true) FROM pg_class c JOIN pg_am a ON a.oid = c.relam"
        " JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE a.amname = 'btree' AND n.nspname = 'public' AND c.relkind = 'i'"
    )
    return []


def outbox():
    """Every mail: its Message-ID, address, status, and whether its log says that it went out."""
    from post_office.models import STATUS, Email

    return [
        {
            "id": each.message_id,
            "to": each.to[0],
            "status": STATUS._fields[each.status],
            "told": any(log.status == STATUS.sent for log in each.logs.all()),
        }
        for each in Email.objects.prefetch_related("logs").order_by("pk")
    ]  # fmt: skip


def write_mails(*, addresses):
    from django.core.mail import EmailMultiAlternatives, mailers

    mails = []
    for to in addresses:
        mail = EmailMultiAlternatives(subject="Prova", body=f"Per {to}\n" * 200, to=[to])
        mail.attach_alternative(f"<p>Per {to}</p>", "text/html")
        mails.append(mail)
    return mailers.default.send_messages(mails)


def deliver():
    """Begin a round of the mail worker in a process of its own, which can be killed; its number."""
    from django.db import connections

    connections.close_all()
    if number := os.fork():
        return number
    from journal.delivery import deliver_waiting

    sys.stdout = sys.stderr
    try:
        deliver_waiting()
    finally:
        os._exit(0)


def has_ended(*, number):
    """Whether that process is no more."""
    try:
        return os.waitpid(number, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return True


def time_passes():
    """What waits for its next attempt is due; an answer that did not come by now comes no more."""
    from django.utils import timezone
    from post_office.models import STATUS, Email

    from journal.delivery import IN_DOUBT_AFTER, WAITING

    Email.objects.filter(status=STATUS.sent).update(
        last_updated=timezone.now() - 2 * IN_DOUBT_AFTER
    )
    return Email.objects.filter(status__in=WAITING).update(scheduled_time=timezone.now())


def doubtful():
    from post_office.models import Email

    from journal.delivery import in_doubt

    return list(in_doubt(Email.objects.all()).values_list("message_id", flat=True))


def send_again(*, ids):
    from post_office.models import Email

    from journal.delivery import send_again

    return send_again(Email.objects.filter(message_id__in=ids))


def fingerprints():
    """Of each table how many rows it has, and a number that depends on every value in them."""
    import hashlib

    from django.apps import apps

    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in NOT_KEPT or model._meta.db_table in NOT_KEPT:
            continue
        names = [field.attname for field in model._meta.concrete_fields]
        total, many = 0, 0
        for row in model._base_manager.order_by().values_list(*names).iterator():
            digest = hashlib.sha256(repr([plain(each) for each in row]).encode()).digest()
            total ^= int.from_bytes(digest[:6])
            many += 1
        found[model._meta.db_table] = [many, total]
    return found


# Made anew in each place: the search index, the revision of the pages, kinds of things.
NOT_KEPT = {"modelsearch", "journal_revision", "django_content_type", "auth_permission"}


def plain(value):
    """A value as both databases know it: without the order of an object's keys."""
    return json.dumps(value, sort_keys=True, default=str)


def files():
    """Every file in the folders of pictures and documents, with its size."""
    from django.conf import settings

    found = {}
    for folder in ("media", "private"):
        root = Path(settings.DATA_DIR) / folder
        for path in root.rglob("*"):
            if path.is_file():
                found[str(path.relative_to(settings.DATA_DIR))] = path.stat().st_size
    return found


def main():
    """Answer one question a line, each with what its function returns, or with its error."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network.settings")
    import django
    from django.db import close_old_connections

    django.setup()
    from tests.drills import aged

    questions = {**vars(aged), **globals()}
    for line in sys.stdin:
        question, asked = json.loads(line)
        close_old_connections()
        try:
            answer = {"answer": questions[question](**asked)}
        except Exception as error:  # noqa: BLE001  whoever asked is told
            answer = {"error": f"{question}: {error!r}"}
        print(json.dumps(answer, default=str), flush=True)


if __name__ == "__main__":
    main()
