"""Whoever only looks changes nothing: not by a link in a mail, not in the admin, not by chance.

Mail scanners, prefetching browsers and crawlers open every link there is.
"""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from accounts.invitations import invitation_token
from cities.models import City
from journal.signed_links import sign
from projects.models import Project
from tests import make, meeting_showcase, showcase
from tests.test_doors import browser, doors

pytestmark = pytest.mark.django_db

# What a look may leave behind: that somebody is logged in, and has a form open just now.
MAY_CHANGE = {"sessions.Session", "usersessions.UserSession", "journal.Presence"}
DESKS = {"/it/scrivania/", "/en/desk/"}


@pytest.fixture
def there(db, settings):
    """The small network with its meetings, and letters that wait for answers."""
    settings.COORDINATORS_NEED_MFA = False
    showcase.build()
    there = meeting_showcase.build(
        fabriano=City.objects.get(slug="fabriano"),
        parma=City.objects.get(slug="parma"),
        project=Project.objects.get(slug="carta"),
    )
    there.invited_person = make.delegate(city=there.parma, email="invited@example.org")
    torino = City.objects.get(slug="torino")
    there.asked = make.partnership(project=there.project, city=torino)
    there.asked_person = make.delegate(city=torino)
    return there


def everything():
    """Every row of every table, by what it is."""
    return {
        (model._meta.label, row[0]): row[1:]
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.label not in MAY_CHANGE
        for row in model._base_manager.values_list("pk", *(f.attname for f in model._meta.fields))
    }


def behind_links(there):
    """What the letters of all rooms lead to, with links that are good."""
    asked = there.asked
    checkup = sign("checkup", there.person, there.fabriano.checkups.create())
    answer = sign("partnership", there.asked_person, asked, asked.asked_at.isoformat())
    invitation = invitation_token(there.invited_person)
    return [
        *meeting_showcase.behind_links(there),
        reverse("city_checkup", args=[checkup]),
        reverse("partnership_answer", args=[answer]),
        reverse("invitation_accept", args=[invitation]),
        reverse("invitation_passkey", args=[invitation]),
    ]


def of_the_admin():
    """The pages of one thing of each kind."""
    for model in admin.site._registry:
        thing = model._base_manager.order_by("pk").first()
        for page in ("changelist", "add", "change", "delete", "history"):
            args = [thing.pk] if thing and page in ("change", "delete", "history") else []
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
            try:
                yield reverse(name, args=args)
            except NoReverseMatch:
                continue


def addresses(there):
    """Every door, and every page that has something to show; the desk has a test of its own."""
    found = [
        *(address for _name, address, _view in doors()),
        *showcase.addresses(),
        *meeting_showcase.for_everyone(there),
        *meeting_showcase.for_delegates(there),
        *meeting_showcase.for_coordinators(there),
        *behind_links(there),
        *of_the_admin(),
    ]
    return [address for address in found if address not in DESKS]


def differences(before, after):
    return {key for key in before | after if before.get(key) != after.get(key)}


@pytest.mark.parametrize("role", ["visitor", "person", "observer", "coordinator"])
def test_a_look_at_every_page_changes_no_row(there, role):
    client = browser(getattr(there, role, None))
    looked_at = addresses(there)
    before = everything()
    found = [client.get(address).status_code for address in looked_at]
    after = everything()
    assert differences(before, after) == set()
    assert len(before) > 200
    assert found.count(200) > 60


def test_links_in_letters_open_and_change_nothing(there, client):
    links = behind_links(there)
    before = everything()
    assert [client.get(link).status_code for link in links] == [200] * len(links)
    assert differences(before, everything()) == set()


def test_the_desk_notes_that_its_own_news_were_read_and_nothing_else(there):
    """What somebody has read here need not come by mail as well."""
    mine = there.person.notifications.unread()
    assert mine.exists()
    client = browser(there.person)
    before = everything()

    client.get("/it/scrivania/", headers={"sec-purpose": "prefetch;prerender"})
    client.head("/it/scrivania/")
    assert differences(before, everything()) == set()
    client.get("/it/scrivania/")

    assert not mine.exists()
    changed = differences(before, everything())
    assert {label for label, _pk in changed} == {"journal.Notification"}
    read = there.person.notifications.exclude(read_at=None)
    assert {pk for _label, pk in changed} == set(read.values_list("pk", flat=True))
