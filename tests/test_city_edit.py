"""A city keeps its own page: saved at once, recorded, told, compared, taken back."""

import pytest

from cities.card_values import values_of
from cities.models import City
from journal.models import Event, Notification
from tests import make

pytestmark = pytest.mark.django_db

EDIT = "/en/cities/fabriano/edit/"
HISTORY = "/en/cities/fabriano/history/"


@pytest.fixture(autouse=True)
def without_second_factor(settings):
    settings.COORDINATORS_NEED_MFA = False


@pytest.fixture
def delegate(as_user, fabriano_delegate):
    """A browser in which the delegate of Fabriano is logged in."""
    return as_user(fabriano_delegate)


def form_of(page):
    """What the form of this page would send if nothing were changed."""
    form = page.context["form"]
    data = {}
    for each in [
        form,
        *(row for rows in form.rows.values() for row in [rows.management_form, *rows]),
    ]:
        for field in each:
            value = field.value()
            if value is True:
                data[field.html_name] = "on"
            elif value not in (None, "", False) and not hasattr(value, "url"):
                data[field.html_name] = value
            if field.field.show_hidden_initial:
                start = field.html_initial_name
                data[start] = each.data.get(start, "") if each.is_bound else value or ""
    return data


def sent(client, **changes):
    return client.post(EDIT, form_of(client.get(EDIT)) | changes)


def now(city):
    return City.objects.get(pk=city.pk)


def test_the_form_asks_for_the_whole_card_and_for_nothing_else(delegate, fabriano):
    form = delegate.get(EDIT).context["form"]
    assert {*form.fields} - {"version", "all_right"} == {
        "summary_it", "summary_en", "text_it", "text_en", "picture", "picture_alt_it",
        "picture_alt_en", "picture_credit", "picture_licence", "logo", "official_website",
        "creative_city_website", "unesco_url",
    }  # fmt: skip
    assert set(form.rows) == {"facts", "offices"}


def test_what_is_saved_is_public_at_once_and_recorded(
    client, delegate, fabriano, fabriano_delegate, coordinator
):
    colleague = make.delegate(city=fabriano)
    answer = sent(delegate, summary_it="La città della carta", summary_en="The town of paper")
    assert answer.url == "/en/cities/fabriano/#saved"
    client.logout()
    assert "The town of paper" in client.get("/en/cities/fabriano/").text
    event = Event.objects.about(fabriano).get()
    assert (event.verb, event.actor) == ("update", fabriano_delegate)
    assert event.details["changes"] == {
        "summary_it": ["", "La città della carta"],
        "summary_en": ["", "The town of paper"],
    }
    told = {notification.user for notification in event.notifications.all()}
    assert told == {coordinator, colleague}
    assert not Notification.objects.filter(at_once=True).exists()
    assert now(fabriano).history.first().history_user == fabriano_delegate


def test_saving_without_a_change_is_no_event(delegate, fabriano):
    make.office(city=fabriano)
    assert sent(delegate).status_code == 302
    assert not Event.objects.exists()


def test_figures_and_contacts_are_kept_in_rows(delegate, client, fabriano):
    sent(
        delegate,
        **{
            "facts-0-name_it": "Abitanti", "facts-0-name_en": "Inhabitants",
            "facts-0-value": "28 976", "facts-0-year": "2025",
            "facts-0-source_url": "https://www.istat.it/",
            "offices-0-role": "focal_point", "offices-0-name_it": "Ufficio cultura",
            "offices-0-email": "cultura@example.org",
        },
    )  # fmt: skip
    client.logout()
    page = client.get("/en/cities/fabriano/").text
    for told in ("Inhabitants", "28 976", "2025", "https://www.istat.it/", "cultura@example.org"):
        assert told in page
    assert set(Event.objects.get().details["changes"]) == {"facts", "offices"}


def test_a_picture_is_kept_with_its_words_credit_and_licence_and_so_is_a_logo(delegate, fabriano):
    sent(
        delegate,
        picture=make.picture_upload(),
        picture_alt_it="La filigrana",
        picture_credit="Anna Rossi",
        picture_licence="cc-by-4.0",
        logo=make.picture_upload(size=(200, 100)),
    )
    city = now(fabriano)
    assert city.picture
    assert (city.picture_alt_it, city.picture_credit) == ("La filigrana", "Anna Rossi")
    assert (city.picture_licence, city.logo_width) == ("cc-by-4.0", 200)


def test_a_picture_without_words_is_not_kept(delegate, fabriano):
    page = sent(delegate, picture=make.picture_upload(), summary_it="Carta")
    assert page.status_code == 200
    assert "picture_alt_it" in page.context["form"].errors
    assert "Carta" in page.text
    assert not now(fabriano).picture


def test_a_box_says_that_the_rest_is_right_too(delegate, client, fabriano, fabriano_delegate):
    checkup = fabriano.checkups.create()
    sent(delegate, summary_it="Carta", all_right="on")
    checkup.refresh_from_db()
    assert checkup.answered_by == fabriano_delegate
    assert now(fabriano).checked_on == checkup.answered_on
    assert [event.verb for event in fabriano.events.order_by("pk")] == ["update", "confirm"]


def test_a_coordinator_edits_any_city_but_does_not_confirm_for_it(
    as_user, coordinator, fabriano, fabriano_delegate
):
    client = as_user(coordinator)
    assert "all_right" not in client.get(EDIT).context["form"].fields
    sent(client, summary_it="Carta", all_right="on")
    assert now(fabriano).summary_it == "Carta"
    assert now(fabriano).checked_on is None
    told = [notification.user for notification in Notification.objects.all()]
    assert told == [fabriano_delegate]


@pytest.mark.parametrize("address", [EDIT, HISTORY])
def test_others_find_no_such_page(client, fabriano, parma_delegate, observer, address):
    assert "/login/" in client.get(address).url
    for person in (parma_delegate, observer):
        client.force_login(person)
        assert client.get(address).status_code == 404
        assert client.post(EDIT, {"summary_it": "Altro"}).status_code == 404


def test_the_second_saver_sees_both_texts_and_nothing_is_overwritten(
    client, delegate, fabriano, coordinator
):
    first = form_of(delegate.get(EDIT))
    client.force_login(coordinator)
    sent(client, summary_it="Testo del Coordinamento", official_website="https://a.example/")
    delegate.force_login(fabriano.people().get())
    page = delegate.post(EDIT, first | {"summary_it": "Testo della città", "unesco_url": ""})
    assert page.status_code == 200
    assert "Testo del Coordinamento" in page.text
    assert "Testo della città" in page.text
    assert now(fabriano).summary_it == "Testo del Coordinamento"
    answer = delegate.post(EDIT, form_of(page) | {"summary_it": "Testo della città"})
    assert answer.status_code == 302
    city = now(fabriano)
    assert (city.summary_it, city.official_website) == ("Testo della città", "https://a.example/")


def test_whoever_has_the_form_open_is_named_to_the_others(client, delegate, fabriano, coordinator):
    delegate.get(EDIT)
    client.force_login(coordinator)
    assert "Fabia" in client.get(EDIT).context["present"]
    answer = client.post("/en/cities/fabriano/presence/").json()
    assert "Fabia" in answer["present"]


def test_the_history_tells_who_changed_what_word_by_word(delegate, fabriano, fabriano_delegate):
    sent(delegate, summary_en="The town of paper")
    sent(delegate, summary_en="The city of paper")
    fabriano.confirm(by=fabriano_delegate)
    page = delegate.get(HISTORY)
    assert [event.verb for event in page.context["page"]] == ["confirm", "update", "update"]
    assert "<del>" in page.text
    assert "town</del>" in page.text
    assert "city</ins>" in page.text
    assert [event.can_go_back for event in page.context["page"]] == [False, True, False]


def test_a_change_is_taken_back_with_one_press_and_that_is_recorded(
    delegate, fabriano, fabriano_delegate, coordinator
):
    office = make.office(city=fabriano)
    before = values_of(now(fabriano))
    sent(
        delegate,
        summary_it="Carta",
        **{"facts-0-name_it": "Abitanti", "facts-0-value": "1", "offices-0-email": "a@example.org"},
    )
    change = Event.objects.get()
    page = delegate.post(f"{HISTORY}{change.pk}/restore/", follow=True)
    assert "Taken back: 3 fields are as they were." in page.text
    assert values_of(now(fabriano)) == before
    assert list(fabriano.offices.all()) == [office]
    restored = Event.objects.about(fabriano).recent().first()
    assert (restored.verb, restored.actor) == ("restore", fabriano_delegate)
    assert restored.details["changes"]["summary_it"] == ["Carta", ""]
    assert coordinator in {each.user for each in restored.notifications.all()}


def test_what_was_changed_again_since_stays(delegate, fabriano):
    sent(delegate, summary_it="Uno", unesco_url="https://a.example/")
    change = Event.objects.get()
    sent(delegate, summary_it="Due")
    page = delegate.post(f"{HISTORY}{change.pk}/restore/", follow=True)
    assert "Left as they are: In one sentence, in Italian." in page.text
    city = now(fabriano)
    assert (city.summary_it, city.unesco_url) == ("Due", "")


def test_a_change_of_another_city_is_not_taken_back(client, delegate, fabriano, parma_delegate):
    sent(delegate, summary_it="Uno")
    change = Event.objects.get()
    client.force_login(parma_delegate)
    assert client.post(f"{HISTORY}{change.pk}/restore/").status_code == 404
    assert client.post(f"/en/cities/parma/history/{change.pk}/restore/").status_code == 404
    assert now(fabriano).summary_it == "Uno"


def test_the_page_shows_the_way_to_its_people_alone(
    client, fabriano, fabriano_delegate, coordinator, parma_delegate
):
    def sees_the_way(person):
        client.logout()
        if person:
            client.force_login(person)
        page = client.get("/en/cities/fabriano/").text
        return [EDIT in page, HISTORY in page, "/en/cities/fabriano/people/" in page]

    assert sees_the_way(fabriano_delegate) == [True] * 3
    assert sees_the_way(coordinator) == [True] * 3
    assert sees_the_way(parma_delegate) == [False] * 3
    assert sees_the_way(None) == [False] * 3


def test_a_change_in_the_admin_is_recorded_in_its_words(
    as_user, coordinator, fabriano, fabriano_delegate
):
    from tests.test_cities_admin import form_of as admin_form_of

    client = as_user(coordinator)
    address = f"/admin/cities/city/{fabriano.pk}/change/"
    client.post(address, admin_form_of(client.get(address)) | {"summary_it": "Carta"})
    event = Event.objects.get()
    assert event.details["changes"] == {"summary_it": ["", "Carta"]}
    assert [each.user for each in event.notifications.all()] == [fabriano_delegate]
