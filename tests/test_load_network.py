"""The real network: what is loaded, and that people's edits and deletions are respected."""

import json
from datetime import date
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command

from cities.models import City, CreativeField, Mandate
from journal.loading import Loader
from journal.models import LoadedRecord
from meetings.models import Decision, Meeting
from network.management.commands.load_network import FILES
from news.models import Page
from programme.models import Agreement, StrategicLine, SustainableGoal
from projects.models import Project
from tests import make

pytestmark = pytest.mark.django_db


def load_network():
    told = StringIO()
    call_command("load_network", stdout=told)
    return told.getvalue()


@pytest.fixture
def network():
    load_network()


@pytest.fixture
def data_file(tmp_path):
    """Write records to a data file and load it; returns the loader's counts."""

    def load(*blocks):
        path = tmp_path / "data.json"
        path.write_text(json.dumps(blocks))
        loader = Loader()
        loader.load(path)
        return dict(loader.counts)

    return load


def city_record(**fields):
    values = {"slug": "alba", "name_it": "Alba", "name_en": "Alba", "region": "01", **fields}
    return {"model": "cities.City", "records": [{"key": "alba", "sources": [], "fields": values}]}


# What is known


def test_sixteen_cities_are_members_and_none_is_in_the_south(network):
    members = City.objects.members()
    assert members.count() == 16
    assert not members.in_macro_area("south").exists()
    assert not members.in_macro_area("islands").exists()


def test_every_city_says_what_it_is_in_both_languages_within_the_fields_limits(network):
    for city in City.objects.all():
        city.full_clean()
        assert all(
            [city.summary_it, city.summary_en, city.text_it, city.text_en, city.unesco_url]
        ) or city.slug in ("faenza", "la-spezia")
        assert city.coordinator_note.startswith("Da verificare")
        assert city.checked_on is None  # until the city itself has checked


def test_everything_that_is_loaded_is_valid(network):
    for record in LoadedRecord.objects.all():
        record.target.clean_fields(exclude=["status"])
        record.target.validate_unique()
        record.target.validate_constraints()


def test_eight_fields_of_which_architecture_alone_is_open(network):
    assert CreativeField.objects.count() == 8
    covered = CreativeField.objects.covered()
    assert [field.slug for field in CreativeField.objects.exclude(pk__in=covered)] == [
        "architecture"
    ]


def test_the_founding_agreement_has_eleven_signatories_and_four_lines_marked_as_a_reading(network):
    agreement = Agreement.objects.get(is_founding=True)
    assert agreement.signatories.count() == 11
    assert [line.number for line in agreement.lines.all()] == [1, 2, 3, 4]
    assert all(line.is_reading for line in StrategicLine.objects.all())


def test_the_protocol_of_2016_was_signed_by_five(network):
    protocol = Agreement.objects.get(slug="protocollo-2016")
    signatories = protocol.signatories.values_list("slug", flat=True)
    assert set(signatories) == {"bologna", "fabriano", "parma", "roma", "torino"}


def test_there_are_seventeen_sustainable_goals(network):
    assert SustainableGoal.objects.count() == 17


def test_como_leads_today_after_fabriano_and_bologna(network):
    leads = Mandate.objects.leads().order_by("starts_on")
    assert [mandate.city.slug for mandate in leads] == ["bologna", "fabriano", "como"]
    assert leads.current(on=date(2026, 6, 1)).get().city.slug == "como"
    for mandate in leads:
        mandate.clean()


def test_every_mandate_knows_the_meeting_that_decided_it(network):
    for mandate in Mandate.objects.all():
        assert mandate.decisions.exists(), mandate
    assert Decision.objects.get(mandates__city__slug="como").meeting.starts_on == date(2024, 12, 5)


def test_what_is_known_to_the_month_says_so(network):
    assert Meeting.objects.get(slug="torino-2020").day.lower() == "ottobre 2020"
    assert str(City.objects.get(slug="bologna").designation.precision) == "year"


def test_the_place_of_the_december_meeting_stays_open(network):
    meeting = Meeting.objects.get(slug="coordinamento-dicembre-2024")
    assert (meeting.host, meeting.venue) == (None, "")


def test_known_meetings_are_public_and_held(network):
    assert set(Meeting.objects.values_list("status", "is_public")) == {("held", True)}


def test_real_projects_are_joint_and_published(network):
    assert set(Project.objects.joint().published()) == set(Project.objects.all())
    assert Project.objects.count() >= 2


def test_the_pages_that_the_law_asks_for_are_there_in_both_languages(network):
    pages = Page.objects.in_bulk(field_name="slug")
    assert set(pages) == {"accessibility", "privacy", "credits", "join"}
    assert all(page.text_it and page.text_en for page in pages.values())


@pytest.mark.parametrize("file", FILES)
def test_every_record_of_a_data_file_has_a_source_and_its_own_key(file):
    for block in json.loads((settings.BASE_DIR / file).read_text()):
        assert all(record["sources"] for record in block["records"])
        keys = [record["key"] for record in block["records"]]
        assert len(keys) == len(set(keys))


# Again and again


def test_the_second_time_there_is_nothing_to_do_and_no_history_is_written(network):
    histories = City.history.count(), Project.history.count(), Meeting.history.count()
    assert load_network() == "The real network: nothing to do.\n"
    assert (City.history.count(), Project.history.count(), Meeting.history.count()) == histories


def test_the_second_time_asks_few_questions(network, django_assert_max_num_queries):
    with django_assert_max_num_queries(90):
        load_network()


def test_an_edited_field_is_kept_while_the_others_follow_the_file(data_file):
    data_file(city_record(summary_it="Vecchio", summary_en="Old"))
    City.objects.filter(slug="alba").update(summary_it="Scritto da Alba")
    counts = data_file(city_record(summary_it="Nuovo", summary_en="New"))
    alba = City.objects.get(slug="alba")
    assert (alba.summary_it, alba.summary_en) == ("Scritto da Alba", "New")
    assert counts == {"updated": 1, "edited": 1}


def test_an_edit_that_is_taken_back_follows_the_file_again(data_file):
    data_file(city_record(summary_it="Vecchio"))
    City.objects.update(summary_it="Altro")
    data_file(city_record(summary_it="Nuovo"))
    City.objects.update(summary_it="Vecchio")
    data_file(city_record(summary_it="Nuovo"))
    assert City.objects.get().summary_it == "Nuovo"


def test_a_field_that_someone_emptied_stays_empty(data_file):
    data_file(city_record(summary_it="Testo"))
    City.objects.update(summary_it="")
    data_file(city_record(summary_it="Testo"))
    assert City.objects.get().summary_it == ""


def test_a_field_that_is_new_in_the_file_is_filled_where_nobody_wrote(data_file):
    data_file(city_record())
    data_file(city_record(summary_it="Arrivato dopo"))
    assert City.objects.get().summary_it == "Arrivato dopo"


def test_a_deleted_thing_stays_deleted_with_all_that_belonged_to_it(network):
    Meeting.objects.get(slug="parma-2026").delete()
    CreativeField.objects.get(slug="architecture").delete()
    Agreement.objects.get(slug="accordo-di-torino-2020").delete()
    told = load_network()
    assert told == "The real network: 8 deleted by someone and left so.\n"
    assert not Meeting.objects.filter(slug="parma-2026").exists()
    assert not StrategicLine.objects.exists()


def test_a_signatory_that_someone_removed_is_not_put_back(network):
    agreement = Agreement.objects.get(is_founding=True)
    agreement.signatories.remove(City.objects.get(slug="roma"))
    load_network()
    assert agreement.signatories.count() == 10


def test_a_status_is_loaded_once_and_then_left_to_the_verbs(network):
    project = Project.objects.get(slug="padiglioni-della-creativita")
    project.archive(by=make.coordinator())
    load_network()
    assert Project.objects.get(pk=project.pk).status == "archived"


def test_a_list_of_keys_follows_the_file(data_file):
    agreement = {
        "slug": "patto", "title_it": "Patto", "signed_on": "2020-10-01", "signatories": [],
    }  # fmt: skip
    block = {
        "model": "programme.Agreement",
        "records": [{"key": "patto", "sources": [], "fields": agreement}],
    }
    data_file(city_record(), block)
    agreement["signatories"] = ["alba"]
    data_file(city_record(), block)
    assert Agreement.objects.get().signatories.get().slug == "alba"


def test_what_people_made_by_hand_under_the_same_address_is_left_alone(data_file):
    make.city(name="Alba dei cittadini", slug="alba")
    assert data_file(city_record()) == {"left out": 1}
    assert City.objects.get().name_it == "Alba dei cittadini"


def test_what_belongs_to_a_thing_that_is_gone_is_left_out(data_file):
    mandate = {"city": "nowhere", "role": "lead", "starts_on": "2025-01-01"}
    block = {
        "model": "cities.Mandate",
        "records": [{"key": "lead", "sources": [], "fields": mandate}],
    }
    assert data_file(block) == {"left out": 1}
    assert not Mandate.objects.exists()
