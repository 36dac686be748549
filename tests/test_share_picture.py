"""The picture that others show of a project: what it says, in whose language, how long it stays."""

import io

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import override
from PIL import Image

from projects.models import Project
from projects.share_picture import centre, cut, fitted, font, told_by, wrapped
from tests import make
from tests.markup import Page

pytestmark = pytest.mark.django_db

AT = "/en/projects/carta/share.jpg"


@pytest.fixture(autouse=True)
def nothing_drawn_before():
    cache.clear()


@pytest.fixture
def carta(fabriano, parma):
    field = make.field(slug="design", colour="#6B3FA0")
    return make.project(
        lead=fabriano, partners=[parma], status="published", slug="carta", fields=[field],
        title_it="Carta", title_en="Paper",
    )  # fmt: skip


def opened(response):
    return Image.open(io.BytesIO(response.content))


def near(pixel, colour):
    return all(abs(one - other) < 12 for one, other in zip(pixel, colour, strict=True))


def test_it_is_as_large_as_social_networks_ask_and_has_the_fields_colour(client, carta):
    response = client.get(AT)
    image = opened(response)
    assert response["Content-Type"] == "image/jpeg"
    assert (image.format, image.size) == ("JPEG", (1200, 630))
    assert near(image.getpixel((20, 20)), (0x6B, 0x3F, 0xA0))
    assert len(response.content) < 200_000


@pytest.mark.parametrize(("language", "title"), [("en", "Paper"), ("it", "Carta")])
def test_it_says_title_and_cities_in_the_readers_language(carta, language, title):
    make.partnership(project=carta, city=make.city(name="Como"))
    with override(language):
        told = told_by(Project.objects.with_cities().get())
    assert told[:2] == (title, ["Fabriano", "Parma"])


def test_each_language_has_its_own(client, carta):
    in_english = client.get(AT)
    with override("it"):
        in_italian = client.get(reverse("project_share_picture", args=["carta"]))
    assert in_english["ETag"] != in_italian["ETag"]


def test_a_photograph_is_cut_so_that_its_focus_stays(client, carta):
    photograph = Image.new("RGB", (1600, 800), "white")
    photograph.paste((200, 20, 20), (0, 0, 500, 800))
    buffer = io.BytesIO()
    photograph.save(buffer, "JPEG")
    upload = make.picture_upload()
    upload.file.seek(0)
    upload.file.truncate()
    upload.file.write(buffer.getvalue())
    upload.size = len(buffer.getvalue())
    carta.picture, carta.picture_focus = upload, "left"
    carta.save()
    assert near(opened(client.get(AT)).getpixel((800, 300)), (200, 20, 20))
    Project.objects.filter(pk=carta.pk).update(picture_focus="right")
    assert near(opened(client.get(AT)).getpixel((800, 300)), (255, 255, 255))


def test_a_lost_photograph_gives_way_to_the_fields_pattern(client, carta):
    plain = client.get(AT).content
    carta.picture = make.picture_upload()
    carta.save()
    carta.picture.storage.delete(carta.picture.name)
    assert opened(client.get(AT)).getpixel((900, 300)) == Image.open(io.BytesIO(plain)).getpixel(
        (900, 300)
    )


@pytest.mark.parametrize(
    ("focus", "shares"),
    [
        ("centre", (0.5, 0.5)),
        ("top-left", (0, 0)),
        ("bottom-right", (1, 1)),
        ("top", (0.5, 0)),
        ("left", (0, 0.5)),
    ],
)
def test_the_nine_focuses_are_shares_of_width_and_height(focus, shares):
    assert centre(Project(picture_focus=focus)) == shares


def test_it_is_drawn_once_and_asked_for_again_only_when_something_changed(client, carta):
    first = client.get(AT)
    assert first["Cache-Control"] == "public, max-age=3600"
    again = client.get(AT, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Project.objects.filter(pk=carta.pk).update(title_en="Paper that sounds")
    changed = client.get(AT, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
    assert not changed.cookies


def test_a_city_that_joins_makes_it_another_picture(client, carta):
    before = client.get(AT)["ETag"]
    make.partnership(project=carta, city=make.city(name="Como"))
    assert client.get(AT)["ETag"] == before
    make.partnership(project=carta, city=make.city(name="Torino"), status="accepted")
    assert client.get(AT)["ETag"] != before


@pytest.mark.parametrize("status", ["draft", "submitted", "withdrawn"])
def test_there_is_none_of_what_is_not_public(as_user, carta, fabriano_delegate, status):
    Project.objects.filter(pk=carta.pk).update(status=status)
    assert as_user(fabriano_delegate).get(AT).status_code == 404


def test_the_page_names_it_with_its_size(client, carta):
    page = Page(client.get("/en/projects/carta/").text)
    assert page.meta("og:image") == f"http://testserver{AT}"
    assert (page.meta("og:image:width"), page.meta("og:image:height")) == ("1200", "630")
    assert page.meta("og:image:alt") == "Paper, Fabriano"


def test_words_are_broken_into_lines_that_fit_and_what_is_too_long_is_cut():
    face = font(40)
    lines = wrapped("La carta che suona nelle piazze d’Italia, perché no", face, 300)
    assert " ".join(lines) == "La carta che suona nelle piazze d’Italia, perché no"
    assert all(face.getlength(line) <= 300 for line in lines)
    assert cut("Wer reitet so spät", face, 200).endswith("…")
    assert face.getlength(cut("x" * 200, face, 200)) <= 200


@pytest.mark.parametrize("title", ["A", "parola " * 20, "x" * 140, "", "Città perché così più già"])
def test_any_title_finds_room(title):
    face, lines = fitted(title, 572)
    assert len(lines) * face.size * 1.14 <= 300
    assert all(face.getlength(line) <= 572 for line in lines)


def test_the_letters_know_the_accents_of_italian():
    face = font(40)
    missing = bytes(face.getmask("\uffff"))
    assert [
        letter for letter in "àèéìòùÀÈÉÌÒÙ’“”«»–·…ç" if bytes(face.getmask(letter)) == missing
    ] == []
