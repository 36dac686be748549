"""The content revision: the database itself notes whatever changes public content."""

import re
import time

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from modelsearch.models import IndexEntry

from journal.models import Event
from journal.revision import (
    Revision,
    current_revision,
    fold_revisions,
    install_triggers,
    kept_until_change,
)
from meetings.models import Meeting
from network.public_content import PRIVATE, PUBLIC
from news.models import NewsItem, Page
from projects.models import Project
from projects.partnerships import Partnership
from tests import make, showcase

pytestmark = pytest.mark.django_db

ROOMS = {"accounts", "cities", "documents", "journal", "meetings", "news", "programme", "projects"}


def moved_by(change):
    """Whether a change moves the revision; it never goes back."""
    before = current_revision()
    change()
    assert current_revision() >= before
    return current_revision() > before


def test_every_model_of_the_rooms_is_either_public_or_private_for_a_reason():
    models = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ROOMS and not model.__name__.startswith("Historical")
    }
    public = {each.model for each in PUBLIC if each.model.split(".")[0] in ROOMS}
    assert public | PRIVATE.keys() == models
    assert public & PRIVATE.keys() == set()
    assert all(PRIVATE.values())


def test_public_pages_read_no_table_whose_changes_go_unnoticed(settings):
    watched = {each.table for each in PUBLIC}
    # What never changes while the portal runs, or with the rows that are watched.
    steady = {"django_content_type", "journal_revision"}
    settings.CACHES = {
        **settings.CACHES,
        "pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
    }
    read = {}
    with showcase.standing():
        for address in showcase.addresses():
            with CaptureQueriesContext(connection) as queries:
                Client().get(address)
            for query in queries:
                for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"]):
                    read.setdefault(table, address)
    assert len(read) > 20
    unnoticed = {table: at for table, at in read.items() if table not in watched | steady}
    assert unnoticed == {}


@pytest.mark.parametrize("by_hand", [False, True])
def test_whoever_changes_public_content_moves_the_revision(by_hand):
    page = make.page(slug="privacy")

    def change():
        if by_hand:  # as in psql
            with connection.cursor() as cursor:
                cursor.execute("UPDATE news_page SET title_it = 'Altro'")
        else:
            page.title_it = "Altro"
            page.save()

    assert moved_by(change)
    assert moved_by(lambda: Page.objects.filter(pk=page.pk).update(title_en="Other"))
    assert moved_by(lambda: Page.objects.filter(pk=page.pk).delete())


def test_what_is_linked_to_a_thing_moves_it_too(fabriano):
    project, item = make.project(lead=fabriano, status="published"), make.news_item()
    goal = make.goal()
    assert moved_by(lambda: item.cities.add(fabriano))
    assert moved_by(lambda: item.projects.add(project))
    assert moved_by(item.projects.clear)
    assert moved_by(lambda: make.update(project=project))
    assert moved_by(lambda: project.goals.add(goal))


def test_drafts_leave_the_revision_alone(fabriano, coordinator):
    draft = make.project(lead=fabriano, status="draft")
    meeting, item = make.meeting(status="draft"), make.news_item(is_published=False)

    def change(thing):
        return moved_by(lambda: type(thing).objects.filter(pk=thing.pk).update(title_it="Altro"))

    assert not any(map(change, [draft, meeting, item]))
    for thing, values in [
        (draft, {"status": "published"}),
        (meeting, {"status": "convened"}),
        (item, {"is_published": True}),
    ]:
        rows = type(thing).objects.filter(pk=thing.pk)
        before = {name: getattr(thing, name) for name in values}
        assert moved_by(lambda rows=rows, values=values: rows.update(**values))  # it comes out
        assert change(thing)
        assert moved_by(lambda rows=rows, before=before: rows.update(**before))  # it goes back
        assert not change(thing)


def test_what_belongs_to_a_draft_leaves_it_alone_until_the_draft_is_published(fabriano, parma):
    draft = make.project(lead=fabriano, status="draft")

    def write():
        draft.refresh_from_db()
        draft.save()  # which goes into the search index, too
        draft.fields.set([parma.field])
        draft.fields.clear()
        Partnership.objects.create(project=draft, city=parma).delete()

    assert not moved_by(write)
    Project.objects.filter(pk=draft.pk).update(status="published")
    assert moved_by(write)
    assert moved_by(lambda: draft.fields.set([parma.field]))
    assert moved_by(lambda: IndexEntry.objects.update(title_norm=1))


def test_who_logs_in_does_not_move_it(fabriano_delegate, client):
    assert not moved_by(lambda: client.force_login(fabriano_delegate))
    assert not moved_by(
        lambda: Event.objects.record(fabriano_delegate, "leave", by=fabriano_delegate)
    )


def test_what_was_not_done_after_all_does_not_move_it():
    def change():
        with transaction.atomic():
            make.news_item()
            transaction.set_rollback(True)

    assert not moved_by(change)


def test_rows_that_were_there_already_are_no_stumbling_block():
    """INSERT OR IGNORE and INSERT OR REPLACE reach into the triggers of SQLite."""
    item, city = make.news_item(), make.city()
    through = NewsItem.cities.through
    for _time in range(2):
        rows = [through(newsitem=item, city=city)]
        through.objects.bulk_create(rows, ignore_conflicts=True)
    assert item.cities.count() == 1
    assert moved_by(item.cities.clear)


def test_many_rows_at_once_stay_quick(fabriano):
    items = [
        NewsItem(slug=f"n{n}", title_it="N", summary_it="S", is_published=True)
        for n in range(10_000)
    ]
    began = time.process_time()
    assert moved_by(lambda: NewsItem.objects.bulk_create(items))
    assert moved_by(lambda: NewsItem.objects.update(title_en="N"))
    assert time.process_time() - began < 20
    assert Revision.objects.count() <= 2


def test_rows_of_transactions_are_folded_into_one():
    Revision.objects.create(key=5, number=7)
    Revision.objects.create(key=6, number=8)
    before = current_revision()
    assert fold_revisions() == 0
    assert current_revision() == before
    assert [row.key for row in Revision.objects.all()] == [0]
    assert fold_revisions() == 0
    assert current_revision() == before


def test_a_table_built_anew_gets_its_triggers_back():
    """As SQLite builds it for a migration."""
    drop_triggers_of("news_page")
    make.page(slug="privacy")
    assert not moved_by(retitle)
    call_command("migrate", verbosity=0)
    assert moved_by(retitle)
    count = len(installed())
    install_triggers(PUBLIC)
    assert len(installed()) == count


def test_triggers_that_nobody_wants_any_more_go():
    install_triggers([each for each in PUBLIC if each.model != "news.Page"])
    make.page(slug="privacy")
    assert not moved_by(retitle)
    install_triggers(PUBLIC)
    assert moved_by(retitle)


@pytest.mark.django_db(transaction=True)
def test_an_emptied_database_counts_on():
    """As after each test of this kind, and after `manage.py flush`."""
    make.page(slug="privacy")
    call_command("flush", interactive=False, verbosity=0)
    assert moved_by(lambda: make.page(slug="privacy"))
    assert Project.objects.count() == Meeting.objects.count() == 0


def retitle():
    assert Page.objects.update(title_it="Altro") == 1


def installed():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE 'content_revision%'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'content_revision%'")
        return [name for (name,) in cursor.fetchall()]


def drop_triggers_of(table):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE tbl_name = %s AND type = 'trigger'"
                           " AND name LIKE 'content_revision%%'", [table])  # fmt: skip
            ending = ""
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass"
                           " AND tgname LIKE 'content_revision%%'", [table])  # fmt: skip
            ending = f' ON "{table}"'
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"{ending}')


def test_what_follows_from_public_content_is_asked_once_until_it_changes_or_a_day_begins():
    @kept_until_change
    def slugs(_whose):
        return {each.slug for each in Page.objects.all()}

    with time_machine.travel("2026-11-23 10:00:00+00:00") as now:
        first = slugs("ours")
        assert slugs("ours") is first
        assert slugs("theirs") is not first
        with translation.override("en"):
            assert slugs("ours") is not first
        make.page(slug="new")
        assert slugs("ours") == first | {"new"}
        changed = slugs("ours")
        now.move_to("2026-11-24 10:00:00+00:00")
        assert slugs("ours") == changed
        assert slugs("ours") is not changed
