"""What the demonstration's projects tell beyond the essentials: the rest of the card, updates."""

from datetime import timedelta

from django.utils import timezone

from documents.models import Document
from network.demonstration.papers import paper
from network.demonstration.pictures import picture
from programme.models import ActionArea
from projects.parts import ProjectImage, ProjectUpdate

CREDIT = "Dimostrazione · disegno generato dal programma"
LICENCE = "cc0-1.0"


def illustrate(thing, *, field, seed, **said):
    """Draw a picture for a thing, with all that belongs to one."""
    said = {"picture_credit": CREDIT, "picture_licence": LICENCE, **said}
    for name, value in said.items():
        setattr(thing, name, value)
    thing.picture.save("demonstration.jpg", picture(field, seed), save=False)


def fill(project, card, author):
    """Write the rest of a project's card."""
    for name, value in card["values"].items():
        setattr(project, name, value)
    if weeks := card.get("weeks_until"):
        project.partners_until = timezone.localdate() + timedelta(weeks=weeks)
    project.contact = project.lead.offices.first()
    project.save()
    project.areas.set(ActionArea.objects.filter(number__in=card["areas"]))
    for name in ("external_partners", "fundings", "results"):
        for row in card[name]:
            getattr(project, name).create(**row)
    for position, said in enumerate(card["gallery"], start=1):
        image = ProjectImage(project=project, position=position)
        illustrate(image, seed=f"{project.slug} {position}", **said)
        image.save()
    for words in card["documents"]:
        add_paper(project, words, author)


def add_paper(owner, words, author, *, earlier=None):
    """A small document of a thing, of so many paragraphs; `earlier`: those of its first version."""
    words = dict(words)
    paragraphs = words.pop("paragraphs")
    document = Document(owner=owner, uploaded_by=author, **words)
    for version in filter(None, [earlier, paragraphs]):
        if document.file:
            document.replace(document.file, by=author)
        document.file.save("demonstration.odt", paper(words["title_it"], version))


def update_of(project, city, author, entry, day):
    """A city of the project tells what happened."""
    texts = {name: entry[name] for name in ("text_it", "text_en")}
    update = ProjectUpdate(project=project, city=city, created_by=author, posted_on=day, **texts)
    if said := entry.get("picture"):
        illustrate(update, seed=f"{project.slug} {city.slug}", **said)
    update.save()
