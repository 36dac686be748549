"""Several people write minutes at once: each sees the others, and nothing is overwritten."""

import pytest
from django.test import Client
from django.urls import reverse

from meetings.models import Decision, Minutes, MinutesSection
from tests import make
from tests.filling import typed
from tests.markup import Page

pytestmark = pytest.mark.django_db

MINE, THEIRS = "<p>Si approva il bilancio.</p>", "<p>Si rinvia il bilancio.</p>"


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.COORDINATORS_NEED_MFA = False


def browser(name):
    client = Client()
    client.force_login(make.coordinator(first_name=name, last_name="Conti", language="en"))
    return client


@pytest.fixture
def anna(db):
    return browser("Anna")


@pytest.fixture
def bruno(db):
    return browser("Bruno")


@pytest.fixture
def item(db):
    return make.agenda_item(meeting=make.meeting(status="held"))


def write(item):
    return reverse("admin:section_write", args=[item.meeting_id, item.pk])


def here(meeting, item=0):
    return reverse("admin:writing_presence", args=[meeting.pk, item])


def save(client, item, opened=None, **values):
    return client.post(write(item), typed(opened or client.get(write(item)), **values))


def test_two_texts_of_one_item_stand_side_by_side_until_somebody_decides(anna, bruno, item):
    make.section(item=item, text_it="<p>Si parla del bilancio.</p>")
    opened = anna.get(write(item))
    save(bruno, item, text_it=THEIRS)
    second = save(anna, item, opened, text_it=MINE)
    assert second.status_code == 200
    form = second.context["form"]
    assert form.errors["text_it"][0].startswith("Bruno Conti has changed this too, on ")
    assert form["text_it"].conflict.theirs == "Si rinvia il bilancio."
    assert "<ins>" in form["text_it"].conflict.difference
    assert form["text_it"].value() == MINE
    assert MinutesSection.objects.get().text_it == THEIRS


@pytest.mark.parametrize(("choice", "words"), [("mine", MINE), ("theirs", THEIRS)])
def test_sending_again_decides(anna, bruno, item, choice, words):
    make.section(item=item)
    opened = anna.get(write(item))
    save(bruno, item, text_it=THEIRS)
    second = save(anna, item, opened, text_it=MINE)
    save(anna, item, second, **{"choose-text_it": choice})
    assert MinutesSection.objects.get().text_it == words


def test_two_who_begin_one_item_see_both_texts(anna, bruno, item):
    opened = anna.get(write(item))
    save(bruno, item, text_it=THEIRS)
    second = save(anna, item, opened, text_it=MINE)
    assert second.context["form"]["text_it"].conflict.theirs == "Si rinvia il bilancio."
    assert MinutesSection.objects.get().text_it == THEIRS


def test_italian_and_english_do_not_disturb_each_other(anna, bruno, item):
    make.section(item=item)
    opened = anna.get(write(item))
    save(bruno, item, text_en="<p>The budget is put off.</p>")
    assert save(anna, item, opened, text_it=MINE).status_code == 302
    section = MinutesSection.objects.get()
    assert (section.text_it, section.text_en) == (MINE, "<p>The budget is put off.</p>")


def test_items_do_not_disturb_each_other(anna, bruno, item):
    other = make.agenda_item(meeting=item.meeting, position=2)
    opened = anna.get(write(item))
    save(bruno, other, text_it=THEIRS)
    assert save(anna, item, opened, text_it=MINE).status_code == 302
    assert (item.section.text_it, other.section.text_it) == (MINE, THEIRS)


def test_who_led_and_who_wrote_are_kept_apart(anna, bruno, item):
    address = reverse("admin:meeting_write", args=[item.meeting_id])
    opened = anna.get(address)
    bruno.post(address, typed(bruno.get(address), chair="Luca"))
    anna.post(address, typed(opened, secretary="Anna"))
    minutes = Minutes.objects.get()
    assert (minutes.chair, minutes.secretary) == ("Luca", "Anna")


def test_saving_itself_overwrites_nothing_and_brings_both_texts_to_the_page(anna, bruno, item):
    section = make.section(item=item)
    opened = anna.get(write(item))
    save(bruno, item, text_it=THEIRS)
    sent = typed(opened, text_it=MINE) | {"autosave": "yes"}
    answer = anna.post(write(item), sent).json()
    assert MinutesSection.objects.get().text_it == THEIRS
    assert answer["errors"][0].startswith("Bruno Conti has changed this too")
    assert "Si rinvia il bilancio." in answer["both"]["text_it"]
    radios = Page(answer["both"]["text_it"]).all("input", name="choose-text_it")
    assert [(each["value"], "checked" in each) for each in radios] == [
        ("theirs", False), ("mine", True),
    ]  # fmt: skip
    version = [str(section.history.latest().history_id)]
    assert answer["starts"] == {"initial-text_it": [THEIRS], "version": version}


def test_what_was_typed_is_still_there_when_somebody_approved_faster(anna, item):
    make.section(item=item)
    opened = anna.get(write(item))
    type(item.meeting).objects.update(status="closed")
    answer = save(anna, item, opened, text_it=MINE)
    assert "approved and never change" in answer.text
    assert answer.context["form"]["text_it"].value() == MINE


# Who else is here


def test_each_sees_who_else_writes_the_same_item(anna, bruno, item):
    anna.get(write(item))
    page = bruno.get(write(item))
    assert page.context["present"] == "Anna Conti has this form open too."
    answer = anna.post(here(item.meeting, item.pk)).json()
    assert answer["present"] == "Bruno Conti has this form open too."


def test_the_agenda_shows_who_writes_elsewhere(anna, bruno, item):
    other = make.agenda_item(meeting=item.meeting, position=2)
    anna.get(write(item))
    page = bruno.get(write(other))
    assert page.context["present"] == ""
    writers = {each.pk: each.writers for each in page.context["agenda"]}
    assert writers == {item.pk: "Anna Conti", other.pk: ""}
    answer = anna.post(here(item.meeting, item.pk)).json()
    assert answer == {"present": "", "elsewhere": {str(other.pk): "Bruno Conti"}}


def test_the_first_part_says_who_else_is_there(anna, bruno, item):
    anna.get(reverse("admin:meeting_write", args=[item.meeting_id]))
    answer = bruno.post(here(item.meeting)).json()
    assert answer == {"present": "Anna Conti has this form open too."}


def test_presence_is_for_minutes_that_are_written(anna, as_user, parma_delegate, item):
    assert anna.get(here(item.meeting, item.pk)).status_code == 405
    assert (
        anna.post(here(item.meeting, make.agenda_item(meeting=make.meeting()).pk)).status_code
        == 404
    )
    type(item.meeting).objects.update(status="closed")
    assert anna.post(here(item.meeting, item.pk)).status_code == 404
    assert as_user(parma_delegate).post(here(item.meeting, item.pk), follow=True).status_code == 404


# Decisions


def decision_edit(decision):
    return reverse("admin:decision_edit", args=[decision.meeting_id, decision.item_id, decision.pk])


def test_two_texts_of_one_decision_stand_side_by_side(anna, bruno, item):
    decision = make.decision(meeting=item.meeting, item=item, how="unanimous", text_it="Si fa.")
    address = decision_edit(decision)
    opened = anna.get(address)
    bruno.post(address, typed(bruno.get(address), text_it="Si fa domani."))
    second = anna.post(address, typed(opened, text_it="Si fa oggi.", is_public=""))
    assert second.context["form"]["text_it"].conflict.theirs == "Si fa domani."
    assert Decision.objects.get().text_it == "Si fa domani."
    anna.post(address, typed(second))
    assert Decision.objects.get().text_it == "Si fa oggi."


def test_a_decision_that_was_removed_meanwhile_is_handed_back(anna, bruno, item):
    decision = make.decision(meeting=item.meeting, item=item, how="unanimous", text_it="Si fa.")
    address = decision_edit(decision)
    opened = anna.get(address)
    decision.delete()
    answer = anna.post(address, typed(opened, text_it="Si fa oggi."))
    assert "Somebody has removed it in the meantime" in answer.text
    assert answer.context["form"]["text_it"].value() == "Si fa oggi."
    assert not Decision.objects.exists()
    assert anna.get(address).status_code == 404
