"""What a city's page tells besides its text: facts, links, linked data."""

from django.conf import settings
from django.utils.translation import gettext as _

from cities.dates import known_date


def facts_of(city):
    """What is known of a city in a word, as pairs of label and value."""
    designation = city.designation
    since = designation and known_date(designation.designated_on, designation.precision)
    return [
        (_("Creative field"), city.field),
        (_("UNESCO Creative City since"), since),
        (_("Region"), city.get_region_display()),
        (_("Part of Italy"), city.macro_area.label),
        (_("Province"), city.province_code),
    ]


def links_of(city):
    """Where the city tells more of itself, as pairs of label and address."""
    links = [
        (_("Site of the municipality"), city.official_website),
        (_("Site of the creative city"), city.creative_city_website),
        (_("Page at UNESCO"), city.unesco_url),
    ]
    return [(label, address) for label, address in links if address]


def schema_of(city):
    """The city for search engines (schema.org)."""
    schema = {
        "@type": "City",
        "name": city.name,
        "url": settings.SITE_URL + city.get_absolute_url(),
        "description": city.summary,
        "containedInPlace": {"@type": "AdministrativeArea", "name": city.get_region_display()},
        "sameAs": [address for _label, address in links_of(city)],
    }
    if city.picture:
        schema["image"] = settings.SITE_URL + city.picture.url
    if None not in (city.latitude, city.longitude):
        schema["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": float(city.latitude),
            "longitude": float(city.longitude),
        }
    return {key: value for key, value in schema.items() if value}
