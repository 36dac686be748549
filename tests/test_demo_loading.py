"""Where the demonstration may be loaded, and that nothing stays of it."""

from io import StringIO
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.auth import authenticate, get_user_model
from django.core import mail
from django.core.management import CommandError, call_command
from post_office.models import Email

from journal.models import Notification
from network.demonstration.building import PASSWORD
from network.demonstration.pictures import MANNERS, drawn
from projects.models import Project
from tests import make

User = get_user_model()
pytestmark = pytest.mark.django_db


def run(command, **options):
    told = StringIO()
    call_command(command, stdout=told, **options)
    return told.getvalue()


def rows():
    """How many rows every table has."""
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


def files():
    places = [
        django_settings.STORAGES[alias]["OPTIONS"]["location"] for alias in ("default", "private")
    ]
    return {path for place in places for path in Path(place).rglob("*") if path.is_file()}


@pytest.fixture
def network(settings):
    settings.DEBUG = True
    run("load_network")


@pytest.mark.parametrize("command", ["load_demo", "clear_demo"])
def test_it_refuses_where_debug_is_off(command):
    before = rows()
    with pytest.raises(CommandError, match="--force"):
        run(command)
    assert rows() == before


def test_it_can_be_forced_where_debug_is_off(network, settings):
    settings.DEBUG = False
    run("load_demo", force=True)
    assert User.objects.filter(is_demo=True).exists()
    run("clear_demo", force=True)
    assert not User.objects.filter(is_demo=True).exists()


def test_without_the_network_it_says_what_to_load_first(settings):
    settings.DEBUG = True
    with pytest.raises(CommandError, match="load_network"):
        run("load_demo")


def test_its_people_log_in_with_the_password_that_the_command_tells(network):
    told = run("load_demo")
    assert PASSWORD in told
    for person in User.objects.filter(is_demo=True):
        assert person.email in told
        assert EmailAddress.objects.get(user=person).verified
    assert authenticate(email="torino@example.org", password=PASSWORD)


def test_nobody_gets_a_mail_about_it(network):
    real = make.coordinator(email="vera@example.org")
    run("load_demo")
    assert mail.outbox == []
    assert not Email.objects.exists()
    assert Notification.objects.filter(user=real, mailed_at=None).count() == 0


def test_the_second_time_it_does_nothing_and_keeps_edits(network):
    run("load_demo")
    Project.objects.filter(slug="la-tavola-lunga").update(title_it="Cambiato")
    before = rows()
    assert "nothing to do" in run("load_demo")
    assert rows() == before
    assert Project.objects.get(slug="la-tavola-lunga").title_it == "Cambiato"


@pytest.mark.parametrize("field", MANNERS)
def test_the_same_picture_is_drawn_again_from_the_same_seed(field):
    first = drawn(field, "seme")
    drawn.cache_clear()
    assert drawn(field, "seme") == first
    assert drawn(field, "altro seme") != first


def test_it_leaves_no_trace_neither_rows_nor_files(network, django_capture_on_commit_callbacks):
    before, files_before = rows(), files()
    with django_capture_on_commit_callbacks(execute=True):
        run("load_demo")
    assert len(files()) > len(files_before)
    with django_capture_on_commit_callbacks(execute=True):
        run("clear_demo")
    after = rows()
    assert {
        label: after[label] - count for label, count in before.items() if after[label] != count
    } == {}
    assert files() == files_before
