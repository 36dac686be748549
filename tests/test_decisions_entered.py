"""Decisions and actions are entered beside the text of the minutes, under their item."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from journal.models import Notification
from meetings.models import Action, Decision, Minutes
from tests import make
from tests.filling import typed
from tests.markup import Page

pytestmark = pytest.mark.django_db

MARCH = datetime(2026, 3, 5, 9, tzinfo=UTC)


@pytest.fixture
def meeting():
    return make.meeting(status="held", starts_at=MARCH)


@pytest.fixture
def item(meeting):
    return make.agenda_item(meeting=meeting)


@pytest.fixture
def office(coordinator, settings):
    settings.COORDINATORS_NEED_MFA = False
    coordinator.language = "en"
    coordinator.save()
    client = Client()
    client.force_login(coordinator)
    return client


@pytest.fixture
def voters(meeting, fabriano, parma):
    """Fabriano and Parma were there, Alba was not; a guest and an observer do not vote."""
    alba = make.city(name="Alba")
    for city, attendance in ((fabriano, "present"), (parma, "remote"), (alba, "absent")):
        make.invitation(
            meeting=meeting, user=make.delegate(city=city), city=city, attendance=attendance
        )
    make.invitation(meeting=meeting, city=alba, role="observer", attendance="present")
    return fabriano, parma, alba


def at(name, meeting, item=None, *more):
    return reverse(f"admin:{name}", args=[meeting.pk, item.pk if item else 0, *more])


def enter(client, address, **values):
    return client.post(address, typed(client.get(address), **values))


def new_decision(client, item, **values):
    values = {"text_it": "Si fa.", "how": "unanimous", **values}
    return enter(client, at("decision_create", item.meeting, item), **values)


def new_action(client, item, **values):
    values = {"title_it": "Scrivere", "due_on": "2026-12-20", **values}
    return enter(client, at("action_create", item.meeting, item), **values)


def votes():
    return {vote.city.name: vote.choice for vote in Decision.objects.get().votes.all()}


def set_status(meeting, status):
    type(meeting).objects.filter(pk=meeting.pk).update(status=status)


# Decisions


def test_a_decision_is_entered_with_all_that_it_bears_on(office, item, fabriano):
    line, mandate = make.line(), make.mandate(city=fabriano)
    project = make.project(lead=fabriano, status="published")
    answer = new_decision(
        office, item, text_en="It is done.", is_public="on", line=str(line.pk),
        cities=[fabriano.pk], projects=[project.pk], mandates=[mandate.pk],
    )  # fmt: skip
    assert answer["Location"] == at("section_write", item.meeting, item) + "#outcome"
    decision = Decision.objects.get()
    assert (decision.meeting, decision.item) == (item.meeting, item)
    assert (decision.text_it, decision.text_en, decision.how) == (
        "Si fa.", "It is done.", "unanimous",
    )  # fmt: skip
    assert (decision.is_public, decision.line, decision.reference) == (True, line, "")
    assert list(decision.cities.all()) == [fabriano]
    assert list(decision.projects.all()) == [project]
    assert list(decision.mandates.all()) == [mandate]
    assert Minutes.objects.get().meeting == item.meeting


@pytest.mark.parametrize(("new", "model"), [(new_decision, Decision), (new_action, Action)])
def test_a_button_pressed_twice_enters_it_once(office, item, fabriano, parma, new, model):
    for _press in range(2):
        assert new(office, item, cities=[fabriano.pk]).status_code == 302
    assert model.objects.count() == 1
    new(office, item, cities=[parma.pk])
    assert model.objects.count() == 2


def test_it_is_internal_until_somebody_says_otherwise(office, item):
    new_decision(office, item)
    assert Decision.objects.get().is_public is False


def test_the_items_project_is_chosen_beforehand(office, item, parma):
    item.project = make.project(lead=parma, status="published")
    item.save()
    new_decision(office, item)
    new_action(office, item, cities=[parma.pk])
    assert list(Decision.objects.get().projects.all()) == [item.project]
    assert Action.objects.get().project == item.project


@pytest.mark.parametrize(("name", "value"), [("text_it", ""), ("how", "")])
def test_what_is_missing_is_said_beside_its_field_and_the_rest_stays(office, item, name, value):
    answer = new_decision(office, item, **{"text_en": "Kept", name: value})
    assert answer.status_code == 200
    assert answer.context["form"].errors[name] == ["This field is required."]
    assert answer.context["form"]["text_en"].value() == "Kept"
    assert not Decision.objects.exists()


def test_a_decision_is_changed_as_long_as_the_minutes_are_not_approved(office, coordinator, item):
    decision = make.decision(meeting=item.meeting, item=item, how="unanimous")
    enter(office, at("decision_edit", item.meeting, item, decision.pk), text_it="Si fa meglio.")
    decision.refresh_from_db()
    assert decision.text_it == "Si fa meglio."
    assert decision.history.first().history_user == coordinator
    set_status(item.meeting, "circulated")
    enter(office, at("decision_edit", item.meeting, item, decision.pk), how="silent")
    decision.refresh_from_db()
    assert (decision.how, decision.reference) == ("silent", "2026/1")


def test_it_is_removed_only_while_nobody_has_been_told(office, item):
    decision = make.decision(meeting=item.meeting, item=item, how="unanimous")
    remove = at("decision_remove", item.meeting, item, decision.pk)
    edit = at("decision_edit", item.meeting, item, decision.pk)
    assert remove in office.get(edit).text
    set_status(item.meeting, "circulated")
    assert remove not in office.get(edit).text
    assert office.post(remove).status_code == 404
    set_status(item.meeting, "held")
    assert office.get(remove).status_code == 405
    office.post(remove)
    assert not Decision.objects.exists()


def test_an_item_under_which_something_was_decided_stays(office, item):
    make.decision(meeting=item.meeting, item=item)
    with pytest.raises(Exception, match="restricted"):
        item.delete()
    item.meeting.delete()
    assert not Decision.objects.exists()


# Votes


def test_a_majority_is_voted_by_the_cities_that_were_there(office, item, voters):
    fabriano, parma, _alba = voters
    page = Page(office.get(at("decision_create", item.meeting, item)).text)
    asked = {each["name"] for each in page.all("input", type="radio")} - {"how"}
    assert asked == {f"vote_{fabriano.pk}", f"vote_{parma.pk}"}
    cast = {f"vote_{fabriano.pk}": "for", f"vote_{parma.pk}": "abstained"}
    assert new_decision(office, item, how="majority", **cast).status_code == 302
    assert votes() == {"Fabriano": "for", "Parma": "abstained"}
    page = office.get(at("section_write", item.meeting, item))
    assert "1 for, 0 against, 1 abstained" in page.text


@pytest.mark.parametrize(
    ("cast", "why"),
    [
        ({}, "Say below how each city voted."),
        ({"Fabriano": "abstained"}, "A majority has more votes for than against: see below."),
        (
            {"Fabriano": "for", "Parma": "against"},
            "A majority has more votes for than against: see below.",
        ),
        ({"Fabriano": "for", "Alba": "for"}, "Alba: not present, and so without a vote."),
    ],
)
def test_a_majority_that_is_none_is_refused_and_the_votes_stay(office, item, voters, cast, why):
    keys = {city.name: f"vote_{city.pk}" for city in voters}
    sent = {keys[name]: choice for name, choice in cast.items()}
    answer = new_decision(office, item, how="majority", **sent)
    assert answer.context["form"].errors["how"] == [why]
    for name in cast.keys() - {"Alba"}:
        assert answer.context["form"][keys[name]].value() == cast[name]
    assert not Decision.objects.exists()


def test_without_an_attendance_sheet_there_is_no_majority(office, item):
    answer = new_decision(office, item, how="majority")
    why = "No city is marked as present: fill in the attendance sheet first."
    assert answer.context["form"].errors["how"] == [why]


def test_votes_are_changed_taken_back_and_gone_where_all_agreed(office, item, voters):
    fabriano, parma, _alba = voters
    decision = make.decision(meeting=item.meeting, item=item, how="majority")
    for city in (fabriano, parma):
        decision.votes.create(city=city, choice="for")
    edit = at("decision_edit", item.meeting, item, decision.pk)
    enter(office, edit, **{f"vote_{parma.pk}": ""})
    assert votes() == {"Fabriano": "for"}
    enter(
        office,
        edit,
        **{f"vote_{parma.pk}": "against", f"vote_{fabriano.pk}": "for"},
        how="majority",
    )
    assert votes() == {"Fabriano": "for"}  # one against one is no majority
    enter(office, edit, how="unanimous")
    assert votes() == {}


# Actions


def test_an_action_names_who_does_what_by_when(office, item, fabriano, parma):
    decision, line = make.decision(meeting=item.meeting, item=item), make.line()
    new_action(
        office, item, title_en="Write", cities=[fabriano.pk, parma.pk], line=str(line.pk),
        decision=str(decision.pk), is_public="on",
    )  # fmt: skip
    action = Action.objects.get()
    assert (action.meeting, action.item, action.decision) == (item.meeting, item, decision)
    assert (action.title_it, action.title_en, action.line) == ("Scrivere", "Write", line)
    assert (action.due_on, action.status, action.is_public) == (date(2026, 12, 20), "open", True)
    assert set(action.cities.all()) == {fabriano, parma}


@pytest.mark.parametrize("name", ["title_it", "cities", "due_on"])
def test_an_action_without_what_who_and_when_is_not_kept(office, item, parma, name):
    answer = new_action(office, item, **{"cities": [parma.pk], name: []})
    assert list(answer.context["form"].errors) == [name]
    assert not Action.objects.exists()


def test_only_member_cities_of_the_day_and_decisions_of_the_item_are_offered(office, item, parma):
    candidate = make.city(name="Napoli", member=False)
    other = make.decision(meeting=item.meeting, item=make.agenda_item(meeting=item.meeting))
    answer = new_action(office, item, cities=[candidate.pk], decision=str(other.pk))
    assert set(answer.context["form"].errors) == {"cities", "decision"}


def test_nobody_hears_of_an_action_before_the_minutes_are_circulated(office, item, parma_delegate):
    parma = parma_delegate.delegates.get().city
    new_action(office, item, cities=[parma.pk])
    assert not Notification.objects.exists()


def test_one_added_to_circulated_minutes_is_entrusted_at_once(office, item, parma_delegate):
    parma = parma_delegate.delegates.get().city
    set_status(item.meeting, "circulated")
    new_action(office, item, cities=[parma.pk])
    told = Notification.objects.get()
    assert (told.user, told.event.verb, told.at_once) == (parma_delegate, "entrust", True)


def test_a_city_that_comes_to_a_known_action_is_told_and_its_day_stays(
    office, item, fabriano, fabriano_delegate, parma, parma_delegate
):
    set_status(item.meeting, "circulated")
    new_action(office, item, cities=[parma.pk])
    action = Action.objects.get()
    edit = at("action_edit", item.meeting, item, action.pk)
    enter(office, edit, cities=[parma.pk, fabriano.pk], due_on="2027-01-01")
    assert [told.user for told in Notification.objects.order_by("pk")] == [
        parma_delegate, fabriano_delegate,
    ]  # fmt: skip
    action.refresh_from_db()
    assert action.due_on == date(2026, 12, 20)  # its own page moves it, with a reason


def test_what_is_done_is_not_changed_here(office, item, parma):
    action = make.action(meeting=item.meeting, item=item, cities=[parma])
    edit = at("action_edit", item.meeting, item, action.pk)
    sent = typed(office.get(edit), title_it="Altro")
    Action.objects.update(status="done")
    answer = office.post(edit, sent)
    assert "This action is over" in answer.text
    assert Action.objects.get().title_it != "Altro"
    assert edit not in office.get(at("section_write", item.meeting, item)).text


# When, and who


def test_a_decision_added_to_circulated_minutes_gets_the_next_number(office, item):
    make.decision(meeting=item.meeting, item=item, year=2026, number=1)
    set_status(item.meeting, "circulated")
    new_decision(office, item, text_it="Anche questo.")
    assert Decision.objects.get(text_it="Anche questo.").reference == "2026/2"


def test_approved_minutes_take_no_decision_no_vote_and_no_action(office, item, parma):
    decision = make.decision(meeting=item.meeting, item=item, how="unanimous", text_it="Si fa.")
    action = make.action(meeting=item.meeting, item=item, cities=[parma], title_it="Scrivere")
    addresses = {
        at("decision_create", item.meeting, item): {"text_it": "Altro", "how": "silent"},
        at("decision_edit", item.meeting, item, decision.pk): {"text_it": "Altro"},
        at("action_create", item.meeting, item): {
            "title_it": "Altro", "cities": [parma.pk], "due_on": "2026-12-20",
        },
        at("action_edit", item.meeting, item, action.pk): {"title_it": "Altro"},
    }  # fmt: skip
    sent = {each: typed(office.get(each), **values) for each, values in addresses.items()}
    set_status(item.meeting, "closed")
    for address, values in sent.items():
        assert "approved and never change" in office.get(address).text
        answer = office.post(address, values)
        assert "approved and never change" in answer.text
        assert "Altro" in answer.text
    assert office.post(at("decision_remove", item.meeting, item, decision.pk)).status_code == 404
    assert Decision.objects.get().text_it == "Si fa."
    assert Action.objects.get().title_it == "Scrivere"


def test_an_old_meeting_without_an_agenda_gets_its_decisions_too(office, client):
    meeting = make.meeting(status="held", starts_at=datetime(2020, 10, 1, 9, tzinfo=UTC))
    address = at("decision_create", meeting)
    assert address in office.get(reverse("admin:meeting_write", args=[meeting.pk])).text
    enter(office, address, text_it="Si fonda il coordinamento.", is_public="on")
    decision = Decision.objects.get()
    assert (decision.meeting, decision.item, decision.how) == (meeting, None, "")
    assert "Si fonda il coordinamento." in client.get(meeting.get_absolute_url()).text


def test_where_there_is_an_agenda_a_decision_stands_under_an_item(office, item, client):
    assert office.get(at("decision_create", item.meeting)).status_code == 404
    new_decision(office, item, text_it="Ancora segreta.", is_public="on")
    assert "Ancora segreta." not in client.get(item.meeting.get_absolute_url()).text


@pytest.mark.parametrize("who", ["parma_delegate", "observer"])
def test_only_coordinators_enter_them(as_user, request, item, who):
    client = as_user(request.getfixturevalue(who))
    decision = make.decision(meeting=item.meeting, item=item)
    action = make.action(meeting=item.meeting, item=item, cities=[make.city()])
    for address in (
        at("decision_create", item.meeting, item),
        at("decision_edit", item.meeting, item, decision.pk),
        at("decision_remove", item.meeting, item, decision.pk),
        at("action_create", item.meeting, item),
        at("action_edit", item.meeting, item, action.pk),
    ):
        assert client.get(address, follow=True).status_code == 404
        assert client.post(address, {"text_it": "x"}, follow=True).status_code == 404
    assert Decision.objects.get() == decision
