"""The cities of a data set: the real ones of the repository and made-up ones, and their people."""

from datetime import date
from decimal import Decimal

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password

from cities.models import City, CreativeField, Delegate, Designation, Fact, Office
from tests.bench.data import DELEGATE, HOME
from tests.bench.indexing import index
from tests.bench.words import coined

SINCE = date(2020, 1, 1)


def add(author, size):
    """Made-up cities until there are so many members, and one delegate for each city."""
    random, fields = author.random, list(CreativeField.objects.all())
    known = list(City.objects.members())
    names = set()
    while len(names) < size.cities - len(known):
        names.add(coined(random, 3).capitalize())
    places = [(city.latitude, city.longitude, city.region) for city in known]
    made = City.objects.bulk_create(
        city_of(author, name, random.choice(places)) for name in sorted(names)
    )
    Designation.objects.bulk_create(
        Designation(
            city=city,
            field=random.choice(fields),
            designated_on=date(random.randint(2004, 2025), 10, 31),
        )
        for city in made
    )
    Fact.objects.bulk_create(
        Fact(city=city, **author.both("name", author.plain, 40), value=random.randint(10, 90_000))
        for city in made
        for _ in range(4)
    )
    Office.objects.bulk_create(
        Office(city=city, role="focal_point", name_it="Ufficio cultura", name_en="Culture office",
               email=f"cultura@{city.slug}.example.org")
        for city in made
    )  # fmt: skip
    if made:
        index(made)
    add_delegates()


def city_of(author, name, near):
    latitude, longitude, region = near
    away = [Decimal(f"{author.random.uniform(-0.6, 0.6):.4f}") for _ in range(2)]
    return City(
        slug=name.lower(),
        name_it=name,
        name_en=name,
        region=region,
        latitude=latitude + away[0],
        longitude=longitude + away[1],
        **author.both("summary", author.plain, 200),
        **author.both("text", author.rich),
        official_website="https://comune.example.org/",
        picture=f"city/{name.lower()}.jpg",
        picture_width=1600,
        picture_height=1067,
        **author.both("picture_alt", author.plain, 60),
        checked_on=date(2026, 6, 1),
    )


def add_delegates():
    """A person for each member city that has none; the one of HOME has the address DELEGATE."""
    User = get_user_model()
    alone = list(City.objects.members().exclude(delegates__role="focal_point"))
    password = make_password(None)
    people = User.objects.bulk_create(
        User(
            email=DELEGATE if city.slug == HOME else f"delegate@{city.slug}.example.org",
            first_name="Ada",
            last_name=city.name,
            password=password,
        )
        for city in alone
    )
    Delegate.objects.bulk_create(
        Delegate(user=person, city=city, role="focal_point", starts_on=SINCE)
        for person, city in zip(people, alone, strict=True)
    )
