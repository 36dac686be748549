"""The list of presence: a tap writes one person, leaving has an hour, whoever came unexpected is
put on it, and once the minutes are approved nothing changes."""

from datetime import UTC, datetime, time
from io import BytesIO

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from meetings.invitations import Invitation
from meetings.models import Meeting
from tests import make

pytestmark = pytest.mark.django_db

DAY = datetime(2026, 12, 10, 9, 0, tzinfo=UTC)
DATA = {"headers": {"Accept": "application/json"}}


@pytest.fixture(autouse=True)
def one_factor_is_enough(settings):
    settings.COORDINATORS_NEED_MFA = False


@pytest.fixture(autouse=True)
def on_the_day():
    with time_machine.travel(DAY, tick=False):
        yield


@pytest.fixture
def meeting():
    return make.meeting(slug="plenaria", starts_at=DAY)


@pytest.fixture
def anna(meeting, fabriano):
    return make.invitation(meeting=meeting, city=fabriano, name="Anna Fabri", email="")


@pytest.fixture
def piero(meeting, parma):
    return make.invitation(meeting=meeting, city=parma, name="Piero Parmi", email="")


@pytest.fixture
def desk(as_user, coordinator):
    coordinator.language = "en"
    coordinator.save()
    return as_user(coordinator)


def sheet(meeting):
    return reverse("admin:meeting_attendance", args=[meeting.pk])


def tap(client, invitation, **data):
    address = reverse("admin:attendance_mark", args=[invitation.meeting_id, invitation.pk])
    return client.post(address, data)


def noted(invitation):
    return Invitation.objects.values_list("attendance", "left_at").get(pk=invitation.pk)


def add(client, meeting, **data):
    return client.post(reverse("admin:attendance_add", args=[meeting.pk]), data)


@pytest.mark.parametrize("attendance", ["present", "remote", "absent"])
def test_a_tap_notes_how_a_person_takes_part(desk, meeting, anna, attendance):
    response = tap(desk, anna, attendance=attendance)
    assert response.headers["Location"] == f"{sheet(meeting)}#person-{anna.pk}"
    assert noted(anna) == (attendance, None)


def test_two_people_with_the_sheet_open_do_not_overwrite_each_other(desk, meeting, anna, piero):
    desk.get(sheet(meeting))
    tap(desk, piero, attendance="remote")
    tap(desk, anna, attendance="present")  # from a page that knows nothing of Piero
    assert (noted(anna), noted(piero)) == (("present", None), ("remote", None))


def test_a_tap_leaves_the_answer_alone(desk, anna):
    Invitation.objects.filter(pk=anna.pk).update(answer="cannot", note="Febbre")
    tap(desk, anna, attendance="present")
    assert Invitation.objects.values_list("answer", "note").get(pk=anna.pk) == ("cannot", "Febbre")


def test_whoever_leaves_is_noted_with_the_hour_in_italy(desk, anna):
    tap(desk, anna, attendance="present")
    with time_machine.travel(datetime(2026, 12, 10, 10, 31, 20, tzinfo=UTC), tick=False):
        tap(desk, anna, left="")
    assert noted(anna) == ("present", time(11, 31))
    tap(desk, anna, left="11:05")
    assert noted(anna) == ("present", time(11, 5))
    tap(desk, anna, attendance="present")
    assert noted(anna) == ("present", None)


@pytest.mark.parametrize("left", ["25:99", "domani", "<b>"])
def test_an_hour_that_is_none_counts_as_now(desk, anna, left):
    tap(desk, anna, attendance="present")
    with time_machine.travel(datetime(2026, 12, 10, 10, 31, tzinfo=UTC), tick=False):
        tap(desk, anna, left=left)
    assert noted(anna) == ("present", time(11, 31))


def test_nobody_leaves_who_was_not_there(desk, anna):
    tap(desk, anna, left="11:00")
    assert noted(anna) == ("", None)
    tap(desk, anna, attendance="absent", left="11:00")
    assert noted(anna) == ("absent", None)


def test_words_that_are_no_attendance_change_nothing(desk, anna):
    tap(desk, anna, attendance="present")
    tap(desk, anna, attendance="asleep")
    assert noted(anna) == ("present", None)


def test_the_quorum_is_live(desk, meeting, anna, piero):
    assert "0 of 2 cities are here; 2 are needed." in desk.get(sheet(meeting)).text
    tap(desk, anna, attendance="present")
    tap(desk, piero, attendance="remote")
    page = desk.get(sheet(meeting)).text
    assert "2 of 2 cities are here; 2 are needed." in page
    assert "presence-quorum--reached" in page


def test_the_script_of_the_sheet_gets_who_is_there(desk, meeting, anna, piero):
    address = reverse("admin:attendance_mark", args=[meeting.pk, anna.pk])
    answer = desk.post(address, {"attendance": "present", "left": "12:00"}, **DATA)
    people = {str(anna.pk): ["present", "12:00"], str(piero.pk): ["", ""]}
    assert answer.json()["people"] == people
    assert desk.get(sheet(meeting), **DATA).json() == answer.json()


@pytest.mark.parametrize("status", ["closed", "draft", "postponed", "cancelled"])
def test_only_a_meeting_that_is_on_and_not_closed_takes_taps(desk, meeting, anna, status):
    Meeting.objects.update(status=status)
    tap(desk, anna, attendance="present")
    add(desk, meeting, name="Ugo")
    address = reverse("admin:attendance_mark", args=[meeting.pk, anna.pk])
    assert desk.post(address, {"attendance": "present"}, **DATA).status_code == 409
    assert noted(anna) == ("", None)
    assert Invitation.objects.count() == 1
    page = desk.get(sheet(meeting)).text
    assert "attendance.js" not in page
    assert 'name="attendance"' not in page


@pytest.mark.parametrize("status", ["convened", "held", "circulated"])
def test_until_the_minutes_are_approved_it_can_be_corrected(desk, meeting, anna, status):
    Meeting.objects.update(status=status)
    tap(desk, anna, attendance="absent")
    assert noted(anna) == ("absent", None)


def test_people_of_other_meetings_and_those_taken_back_are_not_on_it(desk, meeting, anna):
    other = make.invitation(meeting=make.meeting())
    address = reverse("admin:attendance_mark", args=[meeting.pk, other.pk])
    assert desk.post(address, {"attendance": "present"}).status_code == 404
    Invitation.objects.filter(pk=anna.pk).update(withdrawn_at=DAY)
    assert tap(desk, anna, attendance="present").status_code == 404


@pytest.mark.parametrize("who", ["fabriano_delegate", "observer"])
def test_only_coordinators_keep_it(request, as_user, meeting, anna, who):
    client = as_user(request.getfixturevalue(who))
    assert client.get(sheet(meeting), follow=True).status_code == 404
    assert tap(client, anna, attendance="present").status_code in (302, 404)
    assert noted(anna) == ("", None)


# Those who are not on the list


def test_somebody_came_instead(desk, meeting, anna, fabriano):
    response = add(desk, meeting, instead_of=anna.pk, name="Ada Bianchi")
    ada = Invitation.objects.get(name="Ada Bianchi")
    assert response.headers["Location"] == f"{sheet(meeting)}#person-{ada.pk}"
    assert (ada.city, ada.role, ada.stands_for) == (fabriano, "focal_point", anna)
    assert (noted(ada), noted(anna)) == (("present", None), ("absent", None))
    assert ada.sent_at is None


def test_in_one_place_only_one_person_comes_instead(desk, meeting, anna):
    add(desk, meeting, instead_of=anna.pk, name="Ada Bianchi")
    ada = Invitation.objects.get(name="Ada Bianchi")
    for place in (anna, ada):
        assert add(desk, meeting, instead_of=place.pk, name="Ivo").status_code == 200
    assert not Invitation.objects.filter(name="Ivo").exists()


def test_an_unexpected_guest_and_an_unexpected_delegate(desk, meeting, parma):
    add(desk, meeting, name="Ugo Ospite", email="ugo@example.org", attendance="remote")
    ugo = Invitation.objects.get(name="Ugo Ospite")
    assert (ugo.role, ugo.city, ugo.attendance) == ("guest", None, "remote")
    add(desk, meeting, name="La Sindaca", city=parma.pk, role="political")
    mayor = Invitation.objects.get(name="La Sindaca")
    assert (mayor.role, mayor.city, mayor.attendance) == ("political", parma, "present")
    assert "1 of 1 cities is here; 1 are needed." in desk.get(sheet(meeting)).text


def test_somebody_with_an_account_is_put_on_it_as_that_person(desk, meeting, parma_delegate):
    add(desk, meeting, name="Piero", email="PARMA@example.org")
    assert Invitation.objects.get().user == parma_delegate


def test_nobody_is_put_on_it_twice_and_what_was_typed_stays(desk, meeting, parma, parma_delegate):
    make.invitation(meeting=meeting, user=parma_delegate, city=parma)
    response = add(desk, meeting, name="Piero", email="parma@example.org")
    assert "This person is on the list already." in response.text
    assert 'value="Piero"' in response.text
    assert Invitation.objects.count() == 1


def test_a_link_is_no_name_here_either(desk, meeting, anna):
    response = add(desk, meeting, instead_of=anna.pk, name="www.truffa.it")
    assert 'value="www.truffa.it"' in response.text
    assert Invitation.objects.count() == 1


# On paper


def test_the_sheet_for_signatures(desk, meeting, fabriano, anna, piero):
    make.mandate(city=fabriano)
    Invitation.objects.filter(pk=piero.pk).update(answer="substitute")
    ada = {"name": "Ada “#Bianchi” *", "email": "", "stands_for": piero, "city": piero.city}
    make.invitation(meeting=meeting, **ada)
    response = desk.get(reverse("admin:meeting_signatures", args=[meeting.pk]))
    assert response.headers["Content-Type"] == "application/pdf"
    assert "inline" in response.headers["Content-Disposition"]
    paper = PdfReader(BytesIO(response.content))
    width, height = paper.pages[0].mediabox[2:]
    assert width > height
    text = "\n".join(page.extract_text() for page in paper.pages)
    assert "Anna Fabri" in text
    assert "Ada “#Bianchi” *" in text
    assert "Piero Parmi" not in text
    assert "Fabriano" in text.partition(meeting.title)[0]
    assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert paper.trailer["/Root"]["/Lang"] == "en"


def test_however_many_people_the_questions_are_the_same(desk, meeting, anna):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(sheet(meeting)).status_code == 200
        return len(queries)

    asked()
    one = asked()
    for _each in range(3):
        absent = make.invitation(meeting=meeting, city=make.city())
        make.invitation(meeting=meeting, city=absent.city, stands_for=absent)
    assert asked() == one <= 12
