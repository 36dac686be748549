"""Who is invited: the list follows from the delegates of the day, and is edited by hand."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from icalendar import Calendar
from post_office.models import Email

from meetings.gathering import gather
from meetings.models import Invitation, Meeting
from tests import make

pytestmark = pytest.mark.django_db
ROME = ZoneInfo("Europe/Rome")
MARCH = datetime(2030, 3, 4, 10, tzinfo=ROME)


@pytest.fixture
def meeting(fabriano):
    return make.meeting(status="draft", host=fabriano, starts_at=MARCH, track="technical")


@pytest.fixture
def office(as_user, coordinator, settings):
    settings.COORDINATORS_NEED_MFA = False
    coordinator.language = "en"
    coordinator.save()
    return as_user(coordinator)


def at(name, thing):
    return reverse(f"admin:{name}", args=[thing.pk])


def on_list(meeting):
    standing = meeting.invitations.standing().select_related("user", "city")
    return {(each.address, str(each.city or ""), each.role) for each in standing}


# Building the list


@pytest.mark.parametrize(
    ("track", "roles"),
    [
        ("political", {"political"}),
        ("technical", {"focal_point"}),
        ("both", {"political", "focal_point"}),
    ],
)
def test_the_track_says_which_delegates_come(meeting, parma, track, roles):
    for role in ("political", "focal_point", "collaborator"):
        make.delegate(city=parma, role=role, email=f"{role}@example.org")
    Meeting.objects.update(track=track)
    meeting.refresh_from_db()
    assert gather(meeting) == len(roles)
    assert on_list(meeting) == {(f"{role}@example.org", "Parma", role) for role in roles}
    gather(meeting, collaborators=True)
    assert {role for _address, _city, role in on_list(meeting)} == roles | {"collaborator"}


def test_only_those_of_the_day_for_the_members_of_the_day(meeting, parma):
    make.delegate(city=parma, email="then@example.org")
    make.delegate(city=parma, email="before@example.org", ends_on=date(2030, 3, 3))
    make.delegate(city=parma, email="later@example.org", starts_on=date(2030, 3, 5))
    make.delegate(city=parma, email="left@example.org", is_active=False)
    make.delegate(city=make.city(member=False), email="candidate@example.org")
    gather(meeting)
    assert {address for address, _city, _role in on_list(meeting)} == {"then@example.org"}


def test_a_meeting_of_fields_invites_the_cities_that_were_named_in_them(meeting, fabriano, parma):
    for city in (fabriano, parma):
        make.delegate(city=city, email=f"{city.slug}@example.org")
    meeting.fields.add(make.field(slug="gastronomy"))
    gather(meeting)
    assert on_list(meeting) == {("parma@example.org", "Parma", "focal_point")}


def test_a_working_group_invites_its_people_as_whatever_they_act(meeting, parma, fabriano):
    mayor = make.delegate(city=parma, role="political", email="mayor@example.org")
    expert = make.user(email="expert@example.org")
    make.delegate(city=fabriano, email="other@example.org")
    meeting.group = make.group(people=[mayor, expert])
    meeting.save()
    gather(meeting)
    assert on_list(meeting) == {
        ("mayor@example.org", "Parma", "political"),
        ("expert@example.org", "", "guest"),
    }


def test_observers_come_when_ticked_and_coordinators_not_by_themselves(
    meeting, observer, coordinator
):
    gather(meeting)
    assert on_list(meeting) == set()
    gather(meeting, observers=True)
    assert on_list(meeting) == {(observer.email, "", "observer")}


def test_whoever_acts_twice_is_invited_once(meeting, parma, fabriano):
    both = make.delegate(city=fabriano, email="both@example.org")
    make.delegate(city=parma, user=both)
    assert gather(meeting) == 1


def test_building_again_brings_those_who_have_come_and_keeps_what_was_edited(
    office, meeting, parma, fabriano
):
    make.delegate(city=parma, email="first@example.org")
    off = make.delegate(city=parma, email="off@example.org")
    office.post(at("meeting_gather", meeting))
    office.post(at("invitation_remove", meeting.invitations.get(user=off)))
    make.invitation(meeting=meeting, email="guest@example.org", sent=False)
    make.delegate(city=fabriano, email="new@example.org")
    make.delegate(city=fabriano, email="GUEST@example.org")

    answer = office.post(at("meeting_gather", meeting), follow=True)
    assert "1 person has been put on the list." in answer.text
    assert {address for address, _city, _role in on_list(meeting)} == {
        "first@example.org", "guest@example.org", "new@example.org",
    }  # fmt: skip
    assert "The list is complete." in office.post(at("meeting_gather", meeting), follow=True).text


# The page


def test_it_shows_the_list_city_by_city_and_says_which_cities_are_missing(
    office, meeting, parma, fabriano
):
    make.delegate(city=parma, email="piero@example.org", first_name="Piero", last_name="Verdi")
    assert "Nobody is on the list for" not in office.get(at("meeting_invite", meeting)).text
    office.post(at("meeting_gather", meeting), {"observers": "on"})
    page = office.get(at("meeting_invite", meeting))
    assert [str(city) for city, _people in page.context["groups"]] == ["Parma"]
    assert "Piero Verdi" in page.text
    assert "piero@example.org" in page.text
    assert [str(city) for city in page.context["missing"]] == ["Fabriano"]
    assert "Look at 1 letter before it goes out" in page.text


def test_looking_at_the_page_builds_and_sends_nothing(office, meeting, parma_delegate):
    office.get(at("meeting_invite", meeting))
    office.get(at("meeting_outbox", meeting))
    assert not Invitation.objects.exists()
    assert not Email.objects.exists()


def test_somebody_with_an_account_is_added_as_what_they_are(
    office, meeting, parma, parma_delegate, observer, coordinator
):
    for person in (parma_delegate, observer, coordinator, make.user(email="x@example.org")):
        office.post(at("invitation_add", meeting), {"person-user": person.pk})
    assert on_list(meeting) == {
        (parma_delegate.email, "Parma", "focal_point"),
        (observer.email, "", "observer"),
        (coordinator.email, "", "coordinator"),
        ("x@example.org", "", "guest"),
    }


def test_a_guest_is_added_by_name_and_address(office, meeting, parma):
    guest = {"name": "Ada Neri", "email": "ada@example.org", "language": "en", "city": parma.pk}
    data = {f"guest-{name}": value for name, value in guest.items()}
    office.post(at("invitation_add", meeting), data)
    added = Invitation.objects.get()
    assert (added.person, added.address, added.reads) == ("Ada Neri", "ada@example.org", "en")
    assert (added.city, added.role, added.sent_at) == (parma, "guest", None)


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("", "ada@example.org"),
        ("Ada", "no address"),
        ("Ada http://evil.example", "ada@example.org"),
        ("Ada", "Parma@Example.org"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(
    office, meeting, parma, parma_delegate, name, email
):
    make.invitation(meeting=meeting, user=parma_delegate, city=parma)
    data = {"guest-name": name, "guest-email": email, "guest-language": "it"}
    answer = office.post(at("invitation_add", meeting), data)
    form = answer.context["guest_form"]
    assert len(form.errors) == 1
    assert form["name"].value() == name
    assert form["email"].value() == email
    assert Invitation.objects.count() == 1


def test_a_guest_who_has_an_account_is_that_person(office, meeting, parma_delegate):
    data = {"guest-name": "P", "guest-email": "PARMA@example.org", "guest-language": "it"}
    office.post(at("invitation_add", meeting), data)
    assert Invitation.objects.get().user == parma_delegate


# Taking off


def test_whoever_was_not_written_to_is_taken_off_without_a_word_and_can_be_put_back(
    office, meeting
):
    someone = make.invitation(meeting=meeting, sent=False)
    office.post(at("invitation_remove", someone))
    assert on_list(meeting) == set()
    assert not Email.objects.exists()
    office.post(at("invitation_restore", someone))
    assert len(on_list(meeting)) == 1


def test_whoever_has_the_invitation_is_told_that_it_is_taken_back(office, meeting):
    someone = make.invitation(meeting=meeting, language="en")
    Meeting.objects.update(status="convened")
    asked = office.get(at("invitation_remove", someone))
    assert someone.email in asked.text
    assert not Email.objects.exists()
    office.post(at("invitation_remove", someone), {"preface": "With regret"})
    mail = Email.objects.get()
    assert "With regret" in mail.message
    assert "your invitation to this meeting has been taken back" in mail.message
    assert Calendar.from_ical(mail.context["calendar"])["method"] == "CANCEL"
    assert on_list(meeting) == set()


@pytest.mark.parametrize("status", ["held", "circulated", "closed", "cancelled"])
def test_once_it_is_over_the_list_stays_as_it_was(office, meeting, status):
    someone = make.invitation(meeting=meeting)
    Meeting.objects.update(status=status)
    assert office.get(at("meeting_invite", meeting)).status_code == 200
    for address in (
        at("meeting_gather", meeting),
        at("invitation_add", meeting),
        at("invitation_remove", someone),
    ):
        assert office.post(address).status_code == 404


def test_nobody_else_comes_in(client, as_user, meeting, parma_delegate):
    someone = make.invitation(meeting=meeting, sent=False)
    doors = [
        at("meeting_invite", meeting), at("meeting_gather", meeting),
        at("invitation_add", meeting), at("invitation_remove", someone),
        at("meeting_outbox", meeting), at("meeting_convene", meeting),
        at("meeting_tell", meeting), at("meeting_letters", meeting), at("letter_again", someone),
        reverse("admin:letter_preview", args=[someone.pk, "it"]),
    ]  # fmt: skip
    for door in doors:
        assert "/login/" in client.post(door)["Location"]
    delegate = as_user(parma_delegate)
    assert {delegate.post(door, follow=True).status_code for door in doors} == {404}
    assert Meeting.objects.get().status == "draft"
    assert not Email.objects.exists()
