"""Building the demonstration: invented people play through the verbs of the real network."""

import json
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cities.models import City, CreativeField, Delegate
from journal.models import Event, Notification
from meetings.models import Meeting
from network.demonstration.cards import fill, illustrate, update_of
from network.demonstration.meetings import tell_meeting
from news.models import NewsItem
from programme.models import StrategicLine, SustainableGoal
from projects.models import Project
from projects.partnerships import Partnership
from projects.parts import ProjectLink

DATA = Path(__file__).parent / "data"
PASSWORD = "citta-creative"
KNOWN_AFTER = timedelta(days=14)  # what happened earlier, its people have read


def read(name):
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def is_built():
    """Whether anything of a demonstration is there."""
    models = [get_user_model(), City, Project, NewsItem, Meeting]
    return any(model._base_manager.filter(is_demo=True).exists() for model in models)


def missing_cities():
    """Cities that the demonstration needs and the network does not have."""
    needed = {person["city"] for person in read("people") if "city" in person}
    needed |= {entry["lead"] for entry in read("projects")}
    needed |= {entry["host"] for entry in read("meetings") if entry["host"]}
    return needed - {read("city")["slug"], *City.objects.values_list("slug", flat=True)}


@contextmanager
def without_mail():
    """Nobody gets a mail about what never happened."""
    mailers = settings.MAILERS
    nowhere = {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    settings.MAILERS = {**mailers, "default": nowhere}
    try:
        yield
    finally:
        settings.MAILERS = mailers


@transaction.atomic
def build():
    """Make everything, in the order in which it would have happened."""
    with without_mail():
        story = Story()
        story.found_city(read("city"))
        for person in read("people"):
            story.introduce(person)
        for entry in sorted(read("projects"), key=lambda entry: -entry["days_ago"]):
            story.tell_project(entry)
        for entry in read("meetings"):
            tell_meeting(story, entry)
        for entry in read("news"):
            story.tell_news(entry)
    told, now = Notification.objects.filter(event__in=story.events()), timezone.now()
    told.filter(mailed_at=None).update(mailed_at=now)
    told.filter(event__at__lt=now - KNOWN_AFTER).update(read_at=now)


class Story:
    """What happens in the demonstration, and how long ago."""

    PACE = 5  # days between two steps of a project

    def __init__(self):
        self.now = timezone.now()
        self.password = make_password(PASSWORD)
        self.people, self.delegates = {}, {}
        self.cities = City.objects.in_bulk(field_name="slug")
        self.fields = CreativeField.objects.in_bulk(field_name="slug")
        self.cards, self.guests = read("cards"), read("guests")
        self.first = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    @property
    def coordinator(self):
        return self.people["coordinamento@example.org"]

    def ago(self, days):
        return self.now - timedelta(days=days, minutes=1)

    def happened(self, days):
        """Move what was just recorded to where it belongs in time."""
        self.events().filter(at__gte=self.now).update(at=self.ago(days))

    def events(self):
        """What was recorded here: by its people, its guests, and the portal itself."""
        by = Q(actor__is_demo=True) | Q(actor=None)
        return Event.objects.filter(by, pk__gt=self.first)

    def found_city(self, values):
        field, asked = values.pop("field"), values.pop("checkup_days_ago")
        rows = {name: values.pop(name) for name in ("facts", "offices")}
        city = City(is_demo=True, **values)
        illustrate(city, field=field, seed=city.slug)
        city.save()
        for name, entries in rows.items():
            for entry in entries:
                getattr(city, name).create(**entry)
        city.checkups.create(asked_on=self.ago(asked).date())
        self.cities[city.slug] = city

    def introduce(self, person):
        names = {name: person[name] for name in ("email", "first_name", "last_name")}
        invited, since = (
            person.get("invited_days_ago"),
            self.ago(person.get("invited_days_ago", 730)),
        )
        user = get_user_model().objects.create(
            is_demo=True,
            password=self.password,
            date_joined=since,
            invited_at=since if invited else None,
            privacy_accepted_at=self.now if invited else since,
            **names,
        )
        user.confirm_email()
        if group := person.get("group"):
            user.groups.add(Group.objects.get(name=group))
        if slug := person.get("city"):
            Delegate.objects.create(
                user=user,
                city=self.cities[slug],
                role=person["role"],
                starts_on=since.date(),
            )
            self.delegates.setdefault(slug, user)
        self.people[user.email] = user

    def tell_project(self, entry):
        author, days = self.people[entry["by"]], entry["days_ago"]
        moments = [days + self.PACE * left for left in range(len(entry["story"]), -1, -1)]
        project = self.draft(entry, author, moments[0])
        for partner in entry["partners"]:
            if "asks" not in partner:
                self.join(project, partner, author, moments[0])
        for step, moment in zip(entry["story"], moments[1:], strict=True):
            self.play(project, step, author, moment)
        for partner in entry["partners"]:
            if "asks" in partner:
                self.join(project, partner, author, days)
        for update in self.cards.get(project.slug, {}).get("updates", []):
            self.tell_update(project, update)
        Project.objects.filter(pk=project.pk).update(
            created_at=self.ago(moments[0]),
            updated_at=self.ago(days),
            published_at=project.published_at and self.ago(days),
        )

    def draft(self, entry, author, days):
        project = Project(
            lead=self.cities[entry["lead"]], created_by=author, is_demo=True, **entry["values"]
        )
        project._history_user, project._history_date = author, self.ago(days)
        illustrate(project, field=entry["picture"], seed=project.slug)
        project.save()
        project.fields.set(self.fields[slug] for slug in entry["fields"] if slug in self.fields)
        project.goals.set(SustainableGoal.objects.filter(number__in=entry["goals"]))
        project.lines.set(
            StrategicLine.objects.filter(agreement__is_founding=True, number__in=entry["lines"])
        )
        for link in entry["links"]:
            ProjectLink.objects.create(project=project, **link)
        if card := self.cards.get(project.slug):
            fill(project, card, author)
        Event.objects.record(project, "create", by=author)
        self.happened(days)
        return project

    def join(self, project, partner, author, days):
        """A city is invited, or asks to join, and what came of it a few days later."""
        city = self.cities.get(partner["city"])
        if city is None:
            return
        delegate = self.delegates.get(city.slug)
        words = {"project": project, "city": city, "message": partner.get("message", "")}
        if asks := partner.get("asks"):
            words["message"] = asks
            partnership = Partnership.objects.ask(**words, by=delegate)
        else:
            partnership = Partnership.objects.invite(**words, by=author)
        self.happened(days)
        Partnership.objects.filter(pk=partnership.pk).update(asked_at=self.ago(days))
        for step in partner["steps"]:
            days = max(days - 2, 0)
            verb, comment = next(iter(step.items())) if isinstance(step, dict) else (step, "")
            by = delegate if verb in ("accept", "decline", "leave") else author
            getattr(partnership, verb)(by=by, comment=comment)
            self.happened(days)
            answered = Partnership.objects.filter(pk=partnership.pk).exclude(answered_at=None)
            answered.update(answered_at=self.ago(days))

    def play(self, project, step, author, days):
        """One step of a project: a verb, or one with its comment and remarks on single columns."""
        said = dict(step) if isinstance(step, dict) else {step: ""}
        remarks = said.pop("remarks", None)
        (verb, comment), *_others = said.items()
        project._history_date = self.ago(days)
        by = author if verb == "submit" else self.coordinator
        details = {"remarks": remarks} if remarks else None
        getattr(project, verb)(by=by, comment=comment, details=details)
        self.happened(days)

    def tell_update(self, project, entry):
        city, days = self.cities[entry["city"]], entry["days_ago"]
        author = self.delegates[city.slug]
        update_of(project, city, author, entry, self.ago(days).date())
        Event.objects.record(project, "tell", by=author, tell=project.everyone())
        self.happened(days)

    def tell_news(self, entry):
        day = self.ago(entry["days_ago"]).date()
        item = NewsItem(is_demo=True, is_published=True, published_on=day, **entry["values"])
        illustrate(item, field=entry["picture"], seed=item.slug)
        item.save()
        item.cities.set(self.cities[slug] for slug in entry["cities"] if slug in self.cities)
        item.projects.set(Project.objects.filter(slug__in=entry["projects"], is_demo=True))
