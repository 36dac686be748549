"""The minutes are written item by item in the admin, by coordinators, until they are approved."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from journal.models import Event
from meetings.models import Minutes, MinutesSection
from tests import make
from tests.filling import typed
from tests.markup import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return make.meeting(status="held")


@pytest.fixture
def item(meeting):
    return make.agenda_item(meeting=meeting, title_it="Programma", title_en="Programme")


@pytest.fixture
def office(coordinator, settings):
    settings.COORDINATORS_NEED_MFA = False
    coordinator.language = "en"
    coordinator.save()
    client = Client()
    client.force_login(coordinator)
    return client


def write(meeting, item=None):
    if item is None:
        return reverse("admin:meeting_write", args=[meeting.pk])
    return reverse("admin:section_write", args=[meeting.pk, item.pk])


def history(item):
    return reverse("admin:section_history", args=[item.meeting_id, item.pk])


def set_status(meeting, status):
    type(meeting).objects.filter(pk=meeting.pk).update(status=status)


# Writing


def test_opening_the_editor_begins_nothing(office, meeting, item):
    assert office.get(write(meeting)).status_code == 200
    assert office.get(write(meeting, item)).status_code == 200
    assert (Minutes.objects.count(), MinutesSection.objects.count()) == (0, 0)


def test_the_first_word_begins_the_minutes(office, coordinator, meeting, item):
    page = office.get(write(meeting, item))
    answer = office.post(write(meeting, item), typed(page, text_it="<p>Si apre.</p>", go="save"))
    assert answer["Location"] == f"{write(meeting, item)}#saved"
    assert Minutes.objects.get().meeting == meeting
    section = MinutesSection.objects.get()
    assert (section.item, section.text_it) == (item, "<p>Si apre.</p>")
    assert section.history.get().history_user == coordinator


def test_without_javascript_plain_text_becomes_paragraphs(office, meeting, item):
    page = office.get(write(meeting, item))
    office.post(write(meeting, item), typed(page, text_it="Uno.\n\nDue.", text_en="One."))
    section = MinutesSection.objects.get()
    assert section.text_it == "<p>Uno.</p>\n\n<p>Due.</p>"
    assert section.text_en == "<p>One.</p>"


def test_what_could_do_harm_is_left_out(office, meeting, item):
    page = office.get(write(meeting, item))
    office.post(write(meeting, item), typed(page, text_it="<p>Sì<script>x()</script></p>"))
    assert "script" not in MinutesSection.objects.get().text_it


def test_the_button_saves_and_goes_on_to_the_next_item(office, meeting, item):
    after = make.agenda_item(meeting=meeting, position=2)
    page = office.get(write(meeting, item))
    assert f'name="go" value="item-{after.pk}"' in page.text
    sent = typed(page, text_it="<p>Uno</p>", go=f"item-{after.pk}")
    assert office.post(write(meeting, item), sent)["Location"] == f"{write(meeting, after)}#saved"
    assert MinutesSection.objects.get().text_it == "<p>Uno</p>"


@pytest.mark.parametrize(
    ("go", "name", "more"),
    [
        ("head", "meeting_write", []),
        ("history", "section_history", ["item"]),
        ("new-decision", "decision_create", ["item"]),
        ("new-action", "action_create", ["item"]),
        ("decision-7", "decision_edit", ["item", 7]),
        ("action-7", "action_edit", ["item", 7]),
        ("item-x", "section_write", ["item"]),
        ("../../", "section_write", ["item"]),
    ],
)
def test_every_way_out_of_a_text_saves_it_first(office, meeting, item, go, name, more):
    page = office.get(write(meeting, item))
    answer = office.post(write(meeting, item), typed(page, text_it="<p>Uno</p>", go=go))
    keys = [item.pk if each == "item" else each for each in more]
    assert answer["Location"] == reverse(f"admin:{name}", args=[meeting.pk, *keys]) + "#saved"
    assert MinutesSection.objects.get().text_it == "<p>Uno</p>"


def test_the_head_says_who_led_and_who_wrote(office, meeting, item, parma):
    people = {"name": "Luca Galli", "attendance": "present", "role": "focal_point", "city": parma}
    make.invitation(meeting=meeting, **people)
    make.invitation(meeting=meeting, name="Ada Assente", attendance="absent")
    page = office.get(write(meeting))
    suggested = [each["value"] for each in Page(page.text).all("option") if each["value"]]
    assert "Luca Galli (Parma)" in suggested
    assert "Ada Assente" not in page.text
    office.post(write(meeting), typed(page, chair="Luca Galli (Parma)", secretary="Carla"))
    minutes = Minutes.objects.get()
    assert (minutes.chair, minutes.secretary) == ("Luca Galli (Parma)", "Carla")
    assert (
        "Chaired by Luca Galli (Parma) · written by Carla" in office.get(write(meeting, item)).text
    )


def test_the_agenda_says_what_each_item_has(office, meeting, item, parma):
    sub = make.agenda_item(meeting=meeting, position=2, is_sub=True)
    make.section(item=item)
    make.decision(meeting=meeting, item=item)
    make.decision(meeting=meeting, item=item)
    make.action(meeting=meeting, item=item, cities=[parma])
    agenda = office.get(write(meeting, sub)).context["agenda"]
    found = [(e.place.number, e.has_text, e.decision_count, e.action_count) for e in agenda]
    assert found == [("1", True, 2, 1), ("1.1", False, 0, 0)]


def test_it_saves_itself_and_history_keeps_the_last_state_of_a_sitting(office, meeting, item):
    page = office.get(write(meeting, item))
    sent = typed(page, text_it="<p>Si a</p>") | {"autosave": "yes"}
    first = office.post(write(meeting, item), sent).json()
    section = MinutesSection.objects.get()
    assert first == {
        "saved": True,
        "errors": [],
        "starts": {
            "initial-text_it": ["<p>Si a</p>"],
            "version": [str(section.history.get().pk)],
        },
        "address": write(meeting, item),
        "card": page.context["card"],
        "both": {},
    }
    for words in ("<p>Si ap</p>", "<p>Si apre.</p>"):
        office.post(write(meeting, item), sent | {"text_it": words})
    section.refresh_from_db()
    assert section.text_it == "<p>Si apre.</p>"
    assert [each.text_it for each in section.history.all()] == ["<p>Si apre.</p>", "<p>Si a</p>"]


# When it can be written


@pytest.mark.parametrize("status", ["draft", "convened", "postponed", "cancelled", "closed"])
def test_before_the_meeting_and_after_approval_nothing_is_written(office, item, status):
    make.section(item=item, text_it="<p>Prima</p>")
    set_status(item.meeting, "held")
    page = office.get(write(item.meeting, item))
    set_status(item.meeting, status)
    why = "approved and never change" if status == "closed" else "once the meeting has been held"
    for address in (write(item.meeting), write(item.meeting, item)):
        assert why in office.get(address).text
    late = office.post(write(item.meeting, item), typed(page, text_it="<p>Dopo</p>"))
    assert why in late.text
    assert "&lt;p&gt;Dopo&lt;/p&gt;" in late.text  # what was typed is still there
    assert MinutesSection.objects.get().text_it == "<p>Prima</p>"
    itself = typed(page, text_it="<p>Dopo</p>") | {"autosave": "yes"}
    assert office.post(write(item.meeting, item), itself).json()["saved"] is False
    assert MinutesSection.objects.get().text_it == "<p>Prima</p>"


def test_circulated_minutes_change_by_the_button_alone_and_each_change_is_kept(office, item):
    make.section(item=item, text_it="<p>Prima</p>")
    set_status(item.meeting, "circulated")
    page = office.get(write(item.meeting, item))
    assert "data-autosave" not in page.text
    sent = typed(page, text_it="<p>Dopo</p>")
    assert office.post(write(item.meeting, item), sent | {"autosave": "yes"}).json() == {
        "saved": False, "errors": [],
    }  # fmt: skip
    office.post(write(item.meeting, item), sent)
    section = MinutesSection.objects.get()
    assert [each.text_it for each in section.history.all()] == ["<p>Dopo</p>", "<p>Prima</p>"]


@pytest.mark.parametrize("who", ["fabriano_delegate", "observer"])
def test_only_coordinators_write(as_user, request, item, who):
    client = as_user(request.getfixturevalue(who))
    for address in (write(item.meeting), write(item.meeting, item), history(item)):
        assert client.get(address, follow=True).status_code == 404
        assert client.post(address, {"text_it": "x"}, follow=True).status_code == 404
    assert not MinutesSection.objects.exists()


def test_visitors_log_in_first(client, item):
    answer = client.get(write(item.meeting, item), follow=True)
    assert "/accounts/login/" in answer.redirect_chain[-1][0]


def test_an_item_is_written_under_its_own_meeting(office, item):
    assert office.get(write(make.meeting(status="held"), item)).status_code == 404


def test_writing_is_told_to_nobody(office, item, parma_delegate):
    page = office.get(write(item.meeting, item))
    office.post(write(item.meeting, item), typed(page, text_it="<p>Uno</p>"))
    assert not Event.objects.exists()


# What it was


def test_the_history_shows_each_change_and_brings_a_text_back(office, coordinator, item):
    for words in ("Si approva.", "Si approva tutto."):
        page = office.get(write(item.meeting, item))
        office.post(write(item.meeting, item), typed(page, text_it=f"<p>{words}</p>"))
    page = office.get(history(item))
    assert "<ins>" in page.text
    first = MinutesSection.objects.get().history.earliest()
    back = reverse("admin:section_restore", args=[item.meeting_id, item.pk, first.pk])
    assert office.get(back).status_code == 405
    assert office.post(back)["Location"] == write(item.meeting, item)
    section = MinutesSection.objects.get()
    assert section.text_it == "<p>Si approva.</p>"
    assert [each.text_it for each in section.history.all()] == [
        "<p>Si approva.</p>", "<p>Si approva tutto.</p>", "<p>Si approva.</p>",
    ]  # fmt: skip
    assert section.history.first().history_user == coordinator


def test_approved_minutes_keep_their_history_and_take_nothing_back(office, item):
    section = make.section(item=item, text_it="<p>Prima</p>")
    section.text_it = "<p>Dopo</p>"
    section.save()
    set_status(item.meeting, "closed")
    back = reverse(
        "admin:section_restore", args=[item.meeting_id, item.pk, section.history.earliest().pk]
    )
    page = office.get(history(item))
    assert "<ins>" in page.text
    assert back not in page.text
    assert office.post(back).status_code == 404
    assert MinutesSection.objects.get().text_it == "<p>Dopo</p>"


def test_a_version_of_another_item_is_not_brought_back(office, item):
    make.section(item=item)
    other = make.section(item=make.agenda_item(meeting=item.meeting))
    version = other.history.get().pk
    back = reverse("admin:section_restore", args=[item.meeting_id, item.pk, version])
    assert office.post(back).status_code == 404


# How quick it is


def fill(meeting, parma, items):
    for place in range(items):
        each = make.agenda_item(meeting=meeting, position=place + 10)
        make.section(item=each)
        make.decision(meeting=meeting, item=each)
        make.action(meeting=meeting, item=each, cities=[parma])
        make.invitation(meeting=meeting, attendance="present")


@pytest.mark.parametrize("part", ["head", "item"])
def test_the_questions_are_the_same_for_three_items_and_fifteen(office, item, parma, part):
    address = write(item.meeting, item if part == "item" else None)

    def asked():
        office.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert office.get(address).status_code == 200
        return len(queries)

    make.section(item=item)
    make.decision(meeting=item.meeting, item=item)
    make.action(meeting=item.meeting, item=item, cities=[parma])
    fill(item.meeting, parma, 2)
    few = asked()
    fill(item.meeting, parma, 12)
    make.decision(meeting=item.meeting, item=item)
    make.action(meeting=item.meeting, item=item, cities=[parma])
    assert asked() == few <= 12
