"""A project is begun in a minute, from a telephone: a title is enough, and nothing is lost."""

import io
from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from documents.pictures import MAX_BYTES
from journal.models import Event, Notification
from projects.models import Project
from tests import make
from tests.filling import NEW, beginning, only_project, typed

pytestmark = pytest.mark.django_db


def test_the_form_asks_for_a_handful_of_things_and_knows_the_city(
    as_user, fabriano, fabriano_delegate
):
    form = as_user(fabriano_delegate).get(NEW).context["form"]
    assert [field.name for field in form.visible_fields()] == [
        "title_it", "title_en", "summary_it", "summary_en", "picture", "picture_alt_it",
        "picture_alt_en", "picture_credit", "picture_licence", "starts_on", "ends_on",
        "precision",
    ]  # fmt: skip
    assert form["lead"].value() == fabriano.pk


def test_what_was_typed_becomes_a_draft_and_the_form_leads_on(as_user, fabriano, fabriano_delegate):
    client = as_user(fabriano_delegate)
    opened = client.get(NEW)
    answer = client.post(
        NEW,
        typed(
            opened,
            title_it="Carta viva",
            title_en="Living paper",
            summary_it="La carta fatta a mano.",
            starts_on="2027-02-01",
            ends_on="2027-06-30",
            picture=make.picture_upload(),
            picture_alt_it="Un foglio",
            picture_credit="Anna",
            picture_licence="cc-by-4.0",
        ),
    )
    project = only_project()
    assert answer.headers["Location"] == "/en/projects/carta-viva/edit/story/#saved"
    assert (project.slug, project.status, project.lead) == ("carta-viva", "draft", fabriano)
    assert (project.title_en, project.picture_licence) == ("Living paper", "cc-by-4.0")
    assert (project.starts_on, project.ends_on) == (date(2027, 2, 1), date(2027, 6, 30))
    assert project.created_by == fabriano_delegate
    assert project.picture_alt_it == "Un foglio"
    assert [event.verb for event in Event.objects.all()] == ["create"]
    assert project.history.latest().history_user == fabriano_delegate
    assert not Notification.objects.exists()


def test_a_title_is_enough_for_a_draft(as_user, fabriano, fabriano_delegate):
    least = {"title_it": "Idea", "lead": fabriano.pk, "precision": "day"}
    as_user(fabriano_delegate).post(NEW, least)
    assert only_project().title_it == "Idea"


def test_a_form_sent_twice_begins_one_project(as_user, fabriano, fabriano_delegate):
    client = as_user(fabriano_delegate)
    opened = client.get(NEW)
    client.post(NEW, typed(opened, title_it="Carta viva"))
    client.post(NEW, typed(opened, title_it="Carta viva", summary_it="Con una frase"))
    assert (only_project().title_it, only_project().summary_it) == ("Carta viva", "Con una frase")
    assert [event.verb for event in Event.objects.all()] == ["create"]


def test_the_key_of_a_form_is_its_persons_own(as_user, fabriano, parma, fabriano_delegate):
    key = str(uuid4())
    as_user(fabriano_delegate).post(NEW, beginning(fabriano, key=key))
    as_user(make.delegate(city=parma)).post(NEW, beginning(parma, key=key))
    assert sorted(each.lead.slug for each in Project.objects.all()) == ["fabriano", "parma"]


def test_a_form_sent_again_after_the_project_was_handed_on_changes_nothing(
    as_user, fabriano, fabriano_delegate
):
    client = as_user(fabriano_delegate)
    opened = client.get(NEW)
    client.post(NEW, typed(opened, title_it="Carta viva"))
    Project.objects.update(status="submitted")
    late = client.post(NEW, typed(opened, title_it="Carta viva", summary_it="Troppo tardi"))
    assert len(late.context["form"].non_field_errors()) == 1
    assert "Troppo tardi" in late.content.decode()
    assert not only_project().summary_it


def test_everything_typed_stays_when_something_is_wrong(as_user, fabriano, fabriano_delegate):
    response = as_user(fabriano_delegate).post(
        NEW,
        beginning(
            fabriano,
            starts_on="2027-06-30",
            ends_on="2027-02-01",
            summary_en="Paper for schools",
            picture_credit="Foto di Anna",
        ),
    )
    page = response.content.decode()
    assert list(response.context["form"].errors) == ["ends_on"]
    for words in ["Carta viva", "Paper for schools", "Foto di Anna", 'value="2027-06-30"']:
        assert words in page
    assert not Project.objects.exists()


def test_who_no_longer_acts_for_the_city_cannot_reach_the_draft_they_began(
    as_user, fabriano, parma, fabriano_delegate
):
    client, key = as_user(fabriano_delegate), str(uuid4())
    client.post(NEW, beginning(fabriano, key=key))
    fabriano_delegate.delegates.get().end(by=fabriano_delegate)
    make.delegate(city=parma, user=fabriano_delegate)
    client.post(NEW, beginning(parma, key=key, title_it="Ora mia"))
    began, new = Project.objects.order_by("pk")
    assert (began.title_it, began.lead) == ("Carta viva", fabriano)
    assert (new.title_it, new.lead) == ("Ora mia", parma)


def test_dates_known_to_the_month_or_year_cover_all_of_it(as_user, fabriano, fabriano_delegate):
    client = as_user(fabriano_delegate)
    dates = {"starts_on": "2027-02-14", "ends_on": "2028-02-14"}
    client.post(NEW, beginning(fabriano, title_it="A", precision="month", **dates))
    client.post(NEW, beginning(fabriano, title_it="B", precision="year", **dates))
    assert [(each.starts_on, each.ends_on) for each in Project.objects.order_by("pk")] == [
        (date(2027, 2, 1), date(2028, 2, 29)),
        (date(2027, 1, 1), date(2028, 12, 31)),
    ]


def test_two_projects_of_one_title_have_two_addresses_and_none_is_the_forms(
    as_user, fabriano, fabriano_delegate
):
    for title in ["Carta", "Carta", "Nuovo", "New"]:
        as_user(fabriano_delegate).post(NEW, beginning(fabriano, title_it=title))
    slugs = Project.objects.order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["carta", "carta-2", "nuovo-1", "new-1"]


def test_two_who_take_the_same_title_at_once_keep_what_they_typed(
    as_user, fabriano, fabriano_delegate, monkeypatch
):
    make.project(lead=fabriano, slug="carta")
    monkeypatch.setattr(Project, "free_slug", lambda title: "carta")  # as both had asked before
    page = as_user(fabriano_delegate).post(NEW, beginning(fabriano, title_it="Carta"))
    assert page.status_code == 200
    assert "La carta fatta a mano, per le scuole." in page.content.decode()
    assert not Project.objects.filter(title_it="Carta").exists()


# Who may


def test_only_people_of_member_cities_begin_a_project(
    client, as_user, fabriano, observer, coordinator, settings
):
    settings.COORDINATORS_NEED_MFA = False
    candidate = make.delegate(city=make.city(name="Napoli", slug="napoli", member=False))
    assert "/accounts/login/" in client.get(NEW).headers["Location"]
    for person in [candidate, observer, coordinator]:
        assert as_user(person).get(NEW).status_code == 404
        assert as_user(person).post(NEW, beginning(fabriano)).status_code == 404
    assert not Project.objects.exists()


def test_the_lead_is_a_city_of_the_delegates_own(as_user, fabriano, parma, fabriano_delegate):
    response = as_user(fabriano_delegate).post(NEW, beginning(parma))
    assert list(response.context["form"].errors) == ["lead"]
    assert not Project.objects.exists()


def test_a_delegate_of_two_cities_chooses_which_one_leads(as_user, fabriano, parma):
    person = make.delegate(city=fabriano)
    make.delegate(city=parma, user=person)
    as_user(person).post(NEW, beginning(parma))
    assert only_project().lead == parma


# Pictures


def test_a_picture_is_kept_without_what_the_phone_wrote_into_it(
    as_user, fabriano, fabriano_delegate
):
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"  # GPS
    exif[0x010F] = "Phone"
    sent = make.picture_upload(name="IMG_1234.jpg", exif=exif)
    as_user(fabriano_delegate).post(NEW, beginning(fabriano, picture=sent))
    project = only_project()
    assert "IMG_1234" not in project.picture.name
    with Image.open(project.picture) as picture:
        assert (picture.format, dict(picture.getexif())) == ("JPEG", {})


def html_in_disguise():
    return SimpleUploadedFile(
        "foto.jpg", b"<html><script>alert(1)</script></html>", content_type="image/jpeg"
    )


def forty_one_megapixels():
    buffer = io.BytesIO()
    Image.new("1", (8200, 5000)).save(buffer, "PNG")
    return SimpleUploadedFile("grande.png", buffer.getvalue(), content_type="image/png")


def eleven_megabytes():
    picture = make.picture_upload()
    content = picture.read() + b"\0" * (MAX_BYTES + 1024 * 1024)
    return SimpleUploadedFile("pesante.jpg", content, content_type="image/jpeg")


def half_an_avif():
    whole = make.picture_upload(format="AVIF").read()
    return SimpleUploadedFile("mezza.avif", whole[: len(whole) - 40], content_type="image/avif")


@pytest.mark.parametrize(
    "upload", [html_in_disguise, half_an_avif, forty_one_megapixels, eleven_megabytes]
)
def test_a_picture_that_is_none_is_refused_beside_its_field_and_the_rest_is_kept(
    as_user, fabriano, fabriano_delegate, upload
):
    response = as_user(fabriano_delegate).post(NEW, beginning(fabriano, picture=upload()))
    assert list(response.context["form"].errors) == ["picture"]
    assert len(response.context["form"].errors["picture"]) == 1
    assert "Carta viva" in response.content.decode()
    assert not Project.objects.exists()


def test_a_good_picture_is_asked_for_again_when_something_else_is_wrong(
    as_user, fabriano, fabriano_delegate
):
    sent = beginning(fabriano, title_it="", picture=make.picture_upload())
    response = as_user(fabriano_delegate).post(NEW, sent)
    assert set(response.context["form"].errors) == {"title_it", "picture"}


def test_a_picture_may_have_a_long_name(as_user, fabriano, fabriano_delegate):
    sent = make.picture_upload(name=f"{'a' * 150}.jpg")
    as_user(fabriano_delegate).post(NEW, beginning(fabriano, picture=sent))
    assert len(only_project().picture.name) < 60
