"""Factories: `make.project(lead=fabriano, status="submitted")`. Keyword-only, written by hand."""

import io
from datetime import date, timedelta
from itertools import count

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from accounts.roles import COORDINATORS, OBSERVERS
from cities.models import City, CreativeField, Delegate, Designation, Mandate, Office
from documents.models import Document
from meetings.models import (
    Action,
    AgendaItem,
    Amendment,
    Decision,
    Invitation,
    Meeting,
    Minutes,
    MinutesSection,
    Proposal,
    WorkingGroup,
)
from news.models import NewsItem, Page
from programme.models import Agreement, StrategicLine, SustainableGoal
from projects.models import Project
from projects.partnerships import Partnership
from projects.parts import ProjectUpdate

PASSWORD = "correct horse battery"

_numbers = count(1)


def _number():
    return next(_numbers)


def user(*, email=None, role=None, password=PASSWORD, **fields):
    """A person who may log in; role: "coordinators" or "observers"."""
    n = _number()
    fields = {"first_name": "Anna", "last_name": f"Rossi {n}", **fields}
    person = get_user_model().objects.create_user(email or f"p{n}@example.org", password, **fields)
    person.confirm_email()
    if role:
        person.groups.add(Group.objects.get(name=role))
    return person


def coordinator(**fields):
    return user(role=COORDINATORS, **fields)


def observer(**fields):
    return user(role=OBSERVERS, **fields)


def field(*, slug="music", **fields):
    names = {"name_it": slug.title(), "name_en": slug.title(), "colour": "#0B6E4F", "order": 1}
    return CreativeField.objects.get_or_create(slug=slug, defaults={**names, **fields})[0]


def city(*, name=None, field="music", member=True, **fields):
    """A member city of a field (a slug); `member=False` makes a candidate."""
    n = _number()
    name = name or f"Città {n}"
    place = {"region": "11", "latitude": "43.3", "longitude": "12.9"}
    made = City.objects.create(
        slug=fields.pop("slug", None) or f"{name.lower().replace(' ', '-')}".replace("à", "a"),
        **{"name_it": name, "name_en": name, **place, **fields},
    )
    if member:
        designation(city=made, field=field)
    return made


def designation(*, city, field="music", designated_on=date(2017, 10, 31), **fields):
    creative_field = globals()["field"](slug=field) if isinstance(field, str) else field
    return Designation.objects.create(
        city=city, field=creative_field, designated_on=designated_on, **fields
    )


def delegate(*, city, role="focal_point", starts_on=date(2020, 1, 1), **fields):
    """A person who acts for a city; returns the person."""
    dates = {"starts_on": starts_on, "ends_on": fields.pop("ends_on", None)}
    person = fields.pop("user", None) or user(**fields)
    Delegate.objects.create(user=person, city=city, role=role, **dates)
    return person


def office(*, city, role="focal_point", name_it="Ufficio cultura", **fields):
    return Office.objects.create(city=city, role=role, name_it=name_it, **fields)


def mandate(*, city, role="lead", starts_on=date(2025, 1, 1), ends_on=date(2027, 12, 31), **fields):
    return Mandate.objects.create(
        city=city, role=role, starts_on=starts_on, ends_on=ends_on, **fields
    )


def agreement(*, signatories=(), **fields):
    n = _number()
    made = Agreement.objects.create(
        **{
            "slug": f"accordo-{n}",
            "title_it": f"Accordo {n}",
            "title_en": f"Agreement {n}",
            "signed_on": date(2020, 10, 1),
            "precision": "month",
            **fields,
        }
    )
    made.signatories.set(signatories)
    return made


def line(*, agreement=None, number=None, **fields):
    n = _number()
    names = {"title_it": f"Direttrice {n}", "title_en": f"Line {n}"}
    return StrategicLine.objects.create(
        agreement=agreement or globals()["agreement"](), number=number or n, **{**names, **fields}
    )


def goal(*, number=11, **fields):
    names = {"title_it": f"Obiettivo {number}", "title_en": f"Goal {number}", **fields}
    return SustainableGoal.objects.get_or_create(number=number, defaults=names)[0]


def project(*, lead, status="draft", partners=(), fields=(), lines=(), goals=(), **values):
    """A project of a city in a status; `partners` have accepted."""
    n = _number()
    text = {
        "slug": f"progetto-{n}",
        "title_it": f"Progetto {n}",
        "title_en": f"Project {n}",
        "summary_it": f"In breve {n}",
        "summary_en": f"In short {n}",
    }
    published_at = None if status in ("draft", "submitted") else timezone.now()
    made = Project.objects.create(
        lead=lead, status=status, **{**text, "published_at": published_at, **values}
    )
    for partner in partners:
        partnership(project=made, city=partner, status="accepted")
    made.fields.set(globals()["field"](slug=f) if isinstance(f, str) else f for f in fields)
    made.lines.set(lines)
    made.goals.set(goals)
    return made


def partnership(*, project, city, status="invited", **fields):
    return Partnership.objects.create(project=project, city=city, status=status, **fields)


def update(*, project, city=None, **fields):
    """What a city, the lead unless said otherwise, told of a project."""
    n = _number()
    text = {"text_it": f"Aggiornamento {n}", "text_en": f"Update {n}", **fields}
    return ProjectUpdate.objects.create(project=project, city=city or project.lead, **text)


def meeting(*, host=None, status="convened", starts_at=None, hours=3, **fields):
    """A meeting in a week's time unless said otherwise."""
    n = _number()
    starts_at = starts_at or timezone.now() + timedelta(days=7)
    return Meeting.objects.create(
        **{
            "slug": f"incontro-{n}",
            "title_it": f"Incontro {n}",
            "title_en": f"Meeting {n}",
            "host": host,
            "status": status,
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=hours),
            **fields,
        }
    )


def agenda_item(*, meeting, position=1, minutes=15, **fields):
    n = _number()
    names = {"title_it": f"Punto {n}", "title_en": f"Item {n}"}
    return AgendaItem.objects.create(
        meeting=meeting, position=position, minutes=minutes, **{**names, **fields}
    )


def decision(*, meeting, mandates=(), projects=(), is_public=True, **fields):
    n = _number()
    text = {"text_it": f"Si decide {n}", "text_en": f"Decided {n}", **fields}
    made = Decision.objects.create(meeting=meeting, is_public=is_public, **text)
    made.mandates.set(mandates)
    made.projects.set(projects)
    return made


def invitation(*, meeting, user=None, city=None, sent=True, **fields):
    """An invitation of a person, or of a guest by name; already sent unless said otherwise."""
    n = _number()
    guest = {} if user else {"name": f"Ospite {n}", "email": f"ospite{n}@example.org"}
    role = "guest" if city is None else "focal_point"
    values = {"role": role, "sent_at": timezone.now() if sent else None, **guest, **fields}
    return Invitation.objects.create(meeting=meeting, user=user, city=city, **values)


def group(*, people=(), **fields):
    n = _number()
    made = WorkingGroup.objects.create(
        **{"name_it": f"Gruppo {n}", "name_en": f"Group {n}", **fields}
    )
    made.people.set(people)
    return made


def proposal(*, meeting, city, **fields):
    n = _number()
    return Proposal.objects.create(
        meeting=meeting, city=city, **{"title": f"Proposta {n}", **fields}
    )


def minutes(*, meeting, **fields):
    return Minutes.objects.create(meeting=meeting, **fields)


def section(*, item, **fields):
    """What the minutes say of an item."""
    text = {"text_it": "<p>Se ne parla.</p>", "text_en": "<p>It is talked over.</p>"}
    return MinutesSection.objects.create(item=item, **{**text, **fields})


def amendment(*, section, invitation, **fields):
    words = {"quote": "Se ne parla.", "comment": "Meglio così", **fields}
    return Amendment.objects.create(section=section, invitation=invitation, **words)


def action(*, meeting, cities, due_on=None, **fields):
    """What cities are to do, within a month unless said otherwise."""
    n = _number()
    names = {"title_it": f"Azione {n}", "title_en": f"Action {n}"}
    due_on = due_on or timezone.localdate() + timedelta(days=30)
    made = Action.objects.create(meeting=meeting, due_on=due_on, **{**names, **fields})
    made.cities.set(cities)
    return made


def news_item(*, published_on=date(2026, 1, 15), is_published=True, **fields):
    n = _number()
    text = {"slug": f"notizia-{n}", "title_it": f"Notizia {n}", "title_en": f"News {n}"}
    return NewsItem.objects.create(
        published_on=published_on, is_published=is_published, **{**text, **fields}
    )


def page(*, slug="privacy", **fields):
    text = {"title_it": f"Pagina {slug}", "title_en": f"Page {slug}", "text_it": "<p>Testo</p>"}
    return Page.objects.create(slug=slug, **{**text, **fields})


def document(*, owner, audience="public", content=b"%PDF-1.7 test", name="a.pdf", **fields):
    text = {"title_it": "Ordine del giorno", "title_en": "Agenda", **fields}
    made = Document(owner=owner, audience=audience, **text)
    made.file.save(name, ContentFile(content))
    return made


def picture_upload(*, name="foto.jpg", size=(640, 480), format="JPEG", exif=None, colour="teal"):
    """An upload of a real picture, as a phone sends it."""
    buffer = io.BytesIO()
    extra = {"exif": exif} if exif else {}
    Image.new("RGB", size, colour).save(buffer, format, **extra)
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="image/jpeg")


def pdf_upload(*, name="ordine.pdf", content=b"%PDF-1.7\n%%EOF"):
    return SimpleUploadedFile(name, content, content_type="application/pdf")
