"""What happens in a project, told in a minute by the cities that take part."""

import re
from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from journal.models import Event, Notification
from projects.parts import ProjectUpdate
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(fabriano, parma):
    return make.project(lead=fabriano, status="published", partners=[parma], title_it="Carta viva")


def create(project):
    return reverse("update_create", args=[project.slug])


def edit(update):
    return reverse("update_edit", args=[update.pk])


def delete(update):
    return reverse("update_delete", args=[update.pk])


def all_of(project):
    return reverse("update_list", args=[project.slug])


def page_of(project):
    return f"/it/progetti/{project.slug}/"


def sent(city, **values):
    text = "Oggi abbiamo steso i primi fogli."
    return {"city": city.pk, "text_it": text, "posted_on": "2026-03-01", **values}


def test_a_partner_tells_what_happened_with_a_picture(
    as_user, client, project, fabriano_delegate, parma, parma_delegate
):
    response = as_user(parma_delegate).post(
        create(project),
        sent(
            parma,
            picture=make.picture_upload(),
            picture_alt_it="Fogli stesi ad asciugare",
            picture_credit="Piero",
            picture_licence="cc-by-4.0",
        ),
    )
    update = ProjectUpdate.objects.get()
    assert response.headers["Location"] == f"{page_of(project)}#update-{update.pk}"
    assert (update.city, update.created_by) == (parma, parma_delegate)
    assert (update.posted_on, update.picture_licence) == (date(2026, 3, 1), "cc-by-4.0")
    client.logout()
    page = client.get(page_of(project)).content.decode()
    assert f'id="update-{update.pk}"' in page
    assert "Oggi abbiamo steso i primi fogli." in page
    assert 'alt="Fogli stesi ad asciugare"' in page
    assert "CC BY 4.0" in page
    event = Event.objects.get()
    assert (event.verb, event.actor, event.target) == ("tell", parma_delegate, project)
    notification = Notification.objects.get()
    assert (notification.user, notification.at_once) == (fabriano_delegate, False)


def test_the_people_of_all_other_cities_are_told_in_their_digest(
    as_user, project, fabriano, fabriano_delegate, parma_delegate
):
    colleague = make.delegate(city=fabriano)
    stranger = make.delegate(city=make.city())
    as_user(fabriano_delegate).post(create(project), sent(fabriano))
    told = [each.user for each in Notification.objects.all()]
    assert told == [parma_delegate]
    assert colleague not in told
    assert stranger not in told


def test_only_cities_that_take_part_tell(
    client, as_user, project, fabriano_delegate, parma, observer, coordinator, settings
):
    settings.COORDINATORS_NEED_MFA = False
    assert "/accounts/login/" in client.get(create(project)).headers["Location"]
    people = [observer, coordinator, make.delegate(city=make.city())]
    for status in ["invited", "asking", "declined", "refused", "left"]:
        city = make.city()
        make.partnership(project=project, city=city, status=status)
        people.append(make.delegate(city=city))
    for person in people:
        assert as_user(person).get(create(project)).status_code == 404
        assert as_user(person).post(create(project), sent(parma)).status_code == 404
    response = as_user(fabriano_delegate).post(create(project), sent(parma))
    assert list(response.context["form"].errors) == ["city"]
    assert not ProjectUpdate.objects.exists()


@pytest.mark.parametrize("status", ["draft", "submitted", "archived", "withdrawn"])
def test_only_published_projects_are_told_of_and_the_words_stay(
    as_user, fabriano, fabriano_delegate, status
):
    project = make.project(lead=fabriano, status=status)
    client = as_user(fabriano_delegate)
    assert client.get(create(project)).status_code == 404
    response = client.post(create(project), sent(fabriano))
    assert "__all__" in response.context["form"].errors
    assert "Oggi abbiamo steso i primi fogli." in response.content.decode()
    assert not ProjectUpdate.objects.exists()


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"text_it": ""}, "text_it"),
        ({"text_it": "x" * 1501}, "text_it"),
        ({"posted_on": "2999-01-01"}, "posted_on"),
        ({"posted_on": "ieri"}, "posted_on"),
        ({"picture_licence": "mine"}, "picture_licence"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_is_lost(
    as_user, project, fabriano, fabriano_delegate, values, wrong
):
    text = {"text_en": "Words in English"}
    response = as_user(fabriano_delegate).post(create(project), sent(fabriano, **text | values))
    assert list(response.context["form"].errors) == [wrong]
    assert "Words in English" in response.content.decode()
    assert not ProjectUpdate.objects.exists()


def test_a_picture_needs_words_and_is_asked_for_again(
    as_user, project, fabriano, fabriano_delegate
):
    response = as_user(fabriano_delegate).post(
        create(project), sent(fabriano, picture=make.picture_upload())
    )
    assert set(response.context["form"].errors) == {"picture_alt_it", "picture"}
    assert "Oggi abbiamo steso i primi fogli." in response.content.decode()


def test_a_thumb_that_presses_twice_tells_once(as_user, project, fabriano, fabriano_delegate):
    for _each in range(2):
        response = as_user(fabriano_delegate).post(create(project), sent(fabriano))
        assert response.status_code == 302
    assert ProjectUpdate.objects.count() == Event.objects.count() == 1


def test_its_city_changes_an_update_and_the_journal_knows(as_user, project, parma, parma_delegate):
    update = make.update(project=project, city=parma, text_it="Primi foglii")
    client = as_user(parma_delegate)
    form = client.get(edit(update)).context["form"]
    values = sent(parma, version=form.initial["version"], text_it="Primi fogli")
    client.post(edit(update), values)
    update.refresh_from_db()
    assert (update.text_it, update.city) == ("Primi fogli", parma)
    assert [(each.verb, each.actor) for each in Event.objects.all()] == [("retell", parma_delegate)]
    assert not Notification.objects.exists()


def test_of_two_who_change_it_the_second_reads_the_first_and_decides(
    as_user, project, parma, parma_delegate
):
    update = make.update(project=project, city=parma, text_it="Come era")
    client = as_user(parma_delegate)
    version = client.get(edit(update)).context["form"].initial["version"]
    ProjectUpdate.objects.update(text_it="Del collega")
    response = client.post(edit(update), sent(parma, version=version, text_it="Mio"))
    page = response.content.decode()
    assert "Del collega" in page
    assert ">Mio</textarea>" in re.sub(r">\s+", ">", page)
    update.refresh_from_db()
    assert update.text_it == "Del collega"
    newer = re.search(r'name="version" value="([^"]+)"', page)[1]
    client.post(edit(update), sent(parma, version=newer, text_it="Mio"))
    update.refresh_from_db()
    assert update.text_it == "Mio"


def test_others_change_nothing_of_it(
    client, as_user, project, parma, fabriano_delegate, observer, coordinator, settings
):
    settings.COORDINATORS_NEED_MFA = False
    update = make.update(project=project, city=parma)
    for address in [edit(update), delete(update)]:
        client.logout()
        assert "/accounts/login/" in client.get(address).headers["Location"]
    for person in [fabriano_delegate, observer, coordinator, make.delegate(city=make.city())]:
        assert as_user(person).post(edit(update), sent(parma, text_it="x")).status_code == 404
    for person in [observer, make.delegate(city=make.city())]:
        assert as_user(person).post(delete(update)).status_code == 404
    update.refresh_from_db()
    assert update.text_it != "x"


@pytest.mark.parametrize("who", ["parma_delegate", "fabriano_delegate", "coordinator"])
def test_its_city_the_lead_and_coordinators_remove_it_once_they_confirm(
    request, as_user, project, parma, who, settings
):
    settings.COORDINATORS_NEED_MFA = False
    person = request.getfixturevalue(who)
    update = make.update(project=project, city=parma, text_it="Da togliere")
    client = as_user(person)
    assert "Da togliere" in client.get(delete(update)).content.decode()
    assert ProjectUpdate.objects.exists()
    client.post(delete(update))
    assert not ProjectUpdate.objects.exists()
    event = Event.objects.get()
    assert (event.verb, event.actor, event.target) == ("untell", person, project)
    assert event.details["update"]["text_it"] == "Da togliere"


def test_a_removed_picture_leaves_the_disk_in_all_its_widths(
    as_user, project, parma, parma_delegate, django_capture_on_commit_callbacks
):
    client = as_user(parma_delegate)
    picture = {"picture": make.picture_upload(), "picture_alt_it": "Fogli"}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(create(project), sent(parma, **picture))
    update = ProjectUpdate.objects.get()
    files = [update.picture, *update.picture.get_picture_files_list()]
    assert all(default_storage.exists(each.name) for each in files)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(delete(update))
    assert not any(default_storage.exists(each.name) for each in files)


def test_an_archived_projects_updates_stay_as_they_are(as_user, fabriano, fabriano_delegate):
    project = make.project(lead=fabriano, status="archived")
    update = make.update(project=project, text_it="Come era")
    client = as_user(fabriano_delegate)
    assert client.get(edit(update)).status_code == 404
    response = client.post(edit(update), sent(fabriano, text_it="Parole mie"))
    assert "Parole mie" in response.content.decode()
    update.refresh_from_db()
    assert update.text_it == "Come era"


def test_the_page_shows_the_latest_five_and_leads_to_all(client, project):
    today = timezone.localdate()
    for days in range(12):
        make.update(
            project=project, posted_on=today - timedelta(days=days), text_it=f"Giorno {days}."
        )
    page = client.get(page_of(project)).content.decode()
    assert re.findall(r"Giorno (\d+)\.", page) == ["0", "1", "2", "3", "4"]
    assert f'href="{all_of(project)}"' in page
    assert len(re.findall(r"Giorno \d+\.", client.get(all_of(project)).text)) == 10
    second = client.get(all_of(project), {"page": 2}).text
    assert re.findall(r"Giorno (\d+)\.", second) == ["10", "11"]


def test_updates_are_public_with_their_project_alone(client, as_user, fabriano, parma):
    withdrawn = make.project(lead=fabriano, status="withdrawn")
    draft = make.project(lead=fabriano)
    public = make.update(project=make.project(lead=fabriano, status="archived"))
    for hidden in [withdrawn, draft]:
        make.update(project=hidden, text_it="Di nascosto")
    assert list(ProjectUpdate.objects.public().recent()) == [public]
    assert client.get(all_of(withdrawn), follow=True).status_code == 410
    assert client.get(all_of(draft), follow=True).status_code == 404


def test_english_readers_get_italian_where_english_is_missing_and_it_is_marked(client, project):
    make.update(project=project, text_it="Solo in italiano", text_en="")
    page = client.get(f"/en/projects/{project.slug}/updates/").content.decode()
    assert re.search(r'lang="it">\s*<p>Solo in italiano', page)
