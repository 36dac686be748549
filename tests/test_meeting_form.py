"""The form of a meeting: what is asked, what is refused, what a change sets going."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from journal.models import Event
from meetings.models import Meeting
from meetings.preparing import next_day
from tests import make
from tests.test_meetings_admin import ADD, LIST, change, errors_beside, filled, item

pytestmark = pytest.mark.django_db
ROME = ZoneInfo("Europe/Rome")
JULY = datetime(2026, 7, 1, 10, tzinfo=ROME)


@pytest.fixture
def office(as_user, coordinator, settings):
    settings.COORDINATORS_NEED_MFA = False
    coordinator.language = "en"
    coordinator.save()
    return as_user(coordinator)


def in_english(**fields):
    """The whole form as a browser in English sends it."""
    return filled(**{"starts_at_0": "2026-07-01", "ends_at_0": "2026-07-01", **fields})


def test_five_fields_are_enough(office, fabriano):
    office.post(
        ADD,
        {
            **in_english(title_en="", venue="Museo", host=fabriano.pk),
            "reminders": "10,3",
        },
    )
    meeting = Meeting.objects.get()
    assert (meeting.kind, meeting.track, meeting.mode) == ("plenary", "technical", "in_person")
    assert (meeting.reminders, meeting.remind_coming) == ("10,3", 1)
    assert meeting.proposals_until is None
    page = office.get(ADD).text
    assert "Time in Italy (Europe/Rome)." in page


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("10, 3", "10,3"), ("3 10", "10,3"), ("7;7;1", "7,1"), (" ", ""), ("5,", "5")],
)
def test_reminders_are_understood_as_people_write_them(office, typed, kept):
    office.post(ADD, in_english(reminders=typed))
    assert Meeting.objects.get().reminders == kept


@pytest.mark.parametrize("typed", ["dieci", "10.3", "-1", "0", "100", "٣"])
def test_what_is_no_number_of_days_is_refused_with_an_example(office, typed):
    response = office.post(ADD, in_english(reminders=typed))
    text = "Write numbers of days from 1 to 99, with commas between them: 10, 3."
    assert errors_beside(response, "reminders") == [text]


def test_a_cluster_needs_its_fields_and_a_working_group_its_group(office):
    response = office.post(ADD, in_english(kind="cluster"))
    text = "Choose its fields: their cities are invited."
    assert errors_beside(response, "fields") == [text]
    response = office.post(ADD, in_english(kind="working_group"))
    text = "Choose the working group: its people are invited."
    assert errors_beside(response, "group") == [text]
    office.post(ADD, in_english(kind="cluster", fields=[make.field(slug="music").pk]))
    assert [each.slug for each in Meeting.objects.get().fields.all()] == ["music"]


def test_items_are_proposed_before_the_meeting(office):
    response = office.post(ADD, in_english(proposals_until="2026-07-02"))
    text = "Items are proposed before the meeting begins."
    assert errors_beside(response, "proposals_until") == [text]


# Agenda


def test_items_are_stored_with_all_that_is_said_of_them(office, fabriano):
    project = make.project(lead=fabriano, status="published")
    rows = [
        item("Carta"),
        item("Mostra", is_sub="on", city=fabriano.pk, project=project.pk, presenter="Fabia"),
    ]
    office.post(ADD, in_english(agenda=rows))
    first, second = Meeting.objects.get().agenda.all()
    assert (first.is_sub, second.is_sub) == (False, True)
    assert (second.city, second.project, second.presenter) == (fabriano, project, "Fabia")


def test_an_agenda_longer_than_the_meeting_is_said_after_saving(office):
    page = office.post(ADD, in_english(agenda=[item("Lungo", minutes=200)]), follow=True)
    assert "The agenda is 20 min longer than the meeting." in page.text
    assert Meeting.objects.exists()


def test_what_goes_on_the_agenda_by_itself_is_said(office, parma):
    before = make.meeting(status="closed", starts_at=JULY - timedelta(days=60))
    make.action(meeting=before, cities=[parma], title_en="Print the leaflet")
    page = office.post(ADD, in_english(agenda=[item("Saluti")]), follow=True)
    meeting = Meeting.objects.latest("pk")
    assert [each.lists_actions for each in meeting.agenda.all()] == [True, False]
    assert "On the agenda by itself: Open actions." in page.text
    assert "Print the leaflet" in page.text


def test_an_item_with_a_text_in_the_minutes_is_not_removed(office):
    meeting = make.meeting(status="held")
    told = make.agenda_item(meeting=meeting)
    make.section(item=told)
    row = item("Via", id=told.pk, meeting=meeting.pk, position=1, DELETE="on")
    page = office.post(change(meeting), in_english(agenda=[row], initial={"agenda": 1}))
    assert "has a text in the minutes" in page.text
    assert meeting.agenda.exists()


# Moving


def saved(office, meeting, **fields):
    return office.post(change(meeting), in_english(title_it=meeting.title_it, **fields))


@pytest.fixture
def convened():
    return make.meeting(starts_at=JULY, venue="", title_it="Plenaria")


@pytest.mark.parametrize(
    "fields",
    [
        {"starts_at_1": "11:00"},
        {"ends_at_1": "12:00"},
        {"starts_at_0": "2026-06-30"},
        {"venue": "Museo"},
        {"address": "Via Roma"},
        {"mode": "online", "online_link": "https://example.org/x"},
    ],
)
def test_a_move_counts_and_leads_to_the_letter(office, convened, parma, fields):
    make.invitation(meeting=convened, city=parma)
    answer = saved(office, convened, **fields)
    assert answer["Location"] == f"{LIST}{convened.pk}/outbox/"
    assert Meeting.objects.get().sequence == 1


def test_another_change_counts_for_nothing(office, convened, parma):
    make.invitation(meeting=convened, city=parma)
    answer = saved(office, convened, coordinator_note="Caffè", text_it="<p>Ciao</p>")
    assert answer["Location"] == LIST
    assert Meeting.objects.get().sequence == 0


def test_where_nobody_has_a_letter_nobody_is_to_be_told(office, convened, parma):
    make.invitation(meeting=convened, city=parma, sent=False)
    assert saved(office, convened, venue="Museo")["Location"] == LIST
    assert Meeting.objects.get().sequence == 1


def test_a_draft_moves_without_a_word(office):
    draft = make.meeting(starts_at=JULY, status="draft")
    saved(office, draft, venue="Museo")
    assert Meeting.objects.get().sequence == 0


# Taking away


@pytest.mark.parametrize(
    ("status", "code"),
    [("draft", 302), ("cancelled", 302), ("held", 302)]
    + [(each, 403) for each in ("convened", "circulated", "closed")],
)
def test_what_was_convened_is_called_off_and_minutes_stay(office, status, code):
    meeting = make.meeting(status=status)
    answer = office.post(f"{LIST}{meeting.pk}/delete/", {"post": "yes"})
    assert answer.status_code == code
    assert Meeting.objects.exists() == (code == 403)
    assert "delete_selected" not in office.get(LIST).text


# The next one


def test_the_next_one_takes_over_all_but_dates_and_what_came_of_it(office, coordinator, fabriano):
    project = make.project(lead=fabriano, status="published")
    meeting = make.meeting(
        status="held", starts_at=JULY, host=fabriano, venue="Museo", text_it="<p>Ogni mese</p>",
        online_link="https://example.org/x", reminders="7", press_note_it="<p>Nota</p>",
        kind="cluster", sequence=3, proposals_until=JULY.date(), title_it="Cluster",
    )  # fmt: skip
    meeting.fields.add(make.field(slug="music"))
    told = make.agenda_item(
        meeting=meeting, title_it="Mostra", is_sub=True, city=fabriano, project=project,
        presenter="Fabia", kind="decision", minutes=25,
    )  # fmt: skip
    make.agenda_item(meeting=meeting, position=2, lists_actions=True)
    make.document(owner=meeting)
    make.decision(meeting=meeting)
    make.section(item=told)
    page = f"{LIST}{meeting.pk}/duplicate/"
    assert office.get(page).status_code == 200

    data = {"title_it": "Cluster di settembre", "title_en": ""}
    answer = office.post(page, {**data, "starts_at_0": "2026-09-02", "starts_at_1": "15:00"})

    copy = Meeting.objects.latest("pk")
    assert answer["Location"] == change(copy)
    assert copy.starts_at == datetime(2026, 9, 2, 15, tzinfo=ROME)
    assert copy.ends_at - copy.starts_at == timedelta(hours=3)
    assert (copy.status, copy.slug, copy.sequence) == ("draft", "cluster-di-settembre", 0)
    assert (copy.host, copy.venue, copy.text_it) == (fabriano, "Museo", "<p>Ogni mese</p>")
    settings = (copy.kind, copy.reminders, copy.online_link)
    assert settings == ("cluster", "7", "https://example.org/x")
    assert (copy.press_note_it or "", copy.proposals_until) == ("", None)
    assert [each.slug for each in copy.fields.all()] == ["music"]
    twin = copy.agenda.get()
    assert (twin.title_it, twin.is_sub, twin.city, twin.project) == (
        "Mostra", True, fabriano, project,
    )  # fmt: skip
    assert (twin.presenter, twin.kind, twin.minutes) == ("Fabia", "decision", 25)
    for nothing in (copy.documents, copy.invitations, copy.decisions):
        assert not nothing.exists()
    assert Event.objects.about(copy).get().verb == "create"
    assert meeting.agenda.count() == 2


def test_the_next_one_invites_who_acts_now_and_the_guests_of_then(
    office, fabriano, parma, observer
):
    meeting, gone = make.meeting(), make.delegate(city=parma, ends_on=date(2026, 1, 1))
    make.invitation(meeting=meeting, user=gone, city=parma, answer="in_person")
    make.invitation(meeting=meeting, user=observer, role="observer")
    guest = make.invitation(meeting=meeting, name="Anna Bianchi", language="en")
    make.invitation(meeting=meeting, name="Rita Verdi", stands_for=guest)
    make.invitation(meeting=meeting, withdrawn_at=timezone.now())
    now = make.delegate(city=parma)

    day = {"starts_at_0": "2026-12-30", "starts_at_1": "15:00"}
    office.post(f"{LIST}{meeting.pk}/duplicate/", {"title_it": "Altra", **day})

    listed = Meeting.objects.latest("pk").invitations.all()
    assert {(each.person, each.role, each.answer, each.sent_at) for each in listed} == {
        (str(now), "focal_point", "", None),
        (str(observer), "observer", "", None),
        ("Anna Bianchi", "guest", "", None),
    }
    assert listed.get(role="guest").language == "en"


def test_the_next_one_needs_a_day(office):
    meeting = make.meeting()
    answer = office.post(f"{LIST}{meeting.pk}/duplicate/", {"title_it": "Altra"})
    assert "Say on which day and at what time it begins." in answer.text
    assert 'value="Altra"' in answer.text
    assert Meeting.objects.count() == 1


def test_it_proposes_the_same_hour_of_the_same_weekday_across_the_change_of_the_clock():
    meeting = make.meeting(starts_at=datetime(2026, 10, 7, 15, tzinfo=ROME))
    with time_machine.travel("2026-10-08T10:00+02:00"):
        day = next_day(meeting)
    assert day.astimezone(ROME).isoformat() == "2026-11-04T15:00:00+01:00"
    with time_machine.travel("2026-11-22T10:00+01:00"):
        assert next_day(meeting).astimezone(ROME).isoformat() == "2026-12-30T15:00:00+01:00"


# Working groups


def test_a_working_group_is_named_and_filled(office, parma_delegate):
    data = {"name_it": "Cultura", "name_en": "Culture", "people": [parma_delegate.pk]}
    office.post("/admin/meetings/workinggroup/add/", data)
    assert [each.name_it for each in parma_delegate.working_groups.all()] == ["Cultura"]
    assert "Cultur" in office.get("/admin/meetings/workinggroup/").text
