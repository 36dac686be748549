"""The project as schema.org knows it: only what is public."""

from django.conf import settings
from django.utils.translation import get_language

KINDS = {
    "creative_city": "City",
    "research": "CollegeOrUniversity",
    "public": "GovernmentOrganization",
}


def schema_of(project, cities):
    """The project as a work of its cities, with what funds it, shows it and came of it."""
    lead, *partners = cities
    schema = {
        "@type": "CreativeWork",
        "@id": settings.SITE_URL + project.get_absolute_url(),
        "name": project.title,
        "abstract": project.summary,
        "url": settings.SITE_URL + project.get_absolute_url(),
        "inLanguage": get_language(),
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "creator": city_schema(lead),
        "contributor": [
            *map(city_schema, partners),
            *map(partner_schema, project.external_partners.all()),
        ],
        "about": [field.name for field in project.fields.all()],
        "keywords": [each.title for each in [*project.lines.all(), *project.goals.all()]],
        "audience": project.target_groups
        and {"@type": "Audience", "audienceType": project.target_groups},
        "creativeWorkStatus": project.get_phase_display(),
        "datePublished": project.published_at and project.published_at.date().isoformat(),
        "dateModified": project.updated_at.date().isoformat(),
        "temporalCoverage": span_of(project),
        "funding": [grant_schema(each) for each in project.fundings.all() if each.is_public],
        "image": [
            picture_schema(each) for each in [project, *project.images.all()] if each.picture
        ],
        "mentions": [result_schema(each) for each in project.results.all()],
        "sameAs": [link.url for link in project.links.all()],
    }
    return {name: value for name, value in schema.items() if value}


def city_schema(city):
    return {"@type": "City", "name": city.name, "url": settings.SITE_URL + city.get_absolute_url()}


def partner_schema(partner):
    schema = {
        "@type": KINDS.get(partner.kind, "Organization"),
        "name": partner.name,
        "url": partner.url,
    }
    if partner.kind != "creative_city":
        schema["address"] = {"@type": "PostalAddress", "addressCountry": partner.country.code}
    return {name: value for name, value in schema.items() if value}


def grant_schema(funding):
    schema = {
        "@type": "MonetaryGrant",
        "name": funding.programme,
        "identifier": funding.grant_number,
        "funder": {"@type": "Organization", "name": funding.programme},
        "amount": funding.amount is not None
        and {"@type": "MonetaryAmount", "currency": "EUR", "value": float(funding.amount)},
    }
    return {name: value for name, value in schema.items() if value}


def picture_schema(thing):
    """A picture with the terms on which others may use it (iptc.org, Google's image metadata)."""
    schema = {
        "@type": "ImageObject",
        "contentUrl": settings.SITE_URL + thing.picture.url,
        "width": thing.picture_width,
        "height": thing.picture_height,
        "caption": thing.picture_alt,
        "creditText": thing.picture_credit,
        "creator": thing.picture_credit and {"@type": "Person", "name": thing.picture_credit},
        "copyrightNotice": thing.picture_credit,
        "license": thing.picture_licence_url,
        "acquireLicensePage": thing.picture_licence_url,
    }
    return {name: value for name, value in schema.items() if value}


def result_schema(result):
    schema = {
        "@type": "Observation",
        "name": result.name,
        "value": float(result.value),
        "unitText": result.unit,
        "observationDate": result.measured_on.isoformat(),
    }
    return {name: value for name, value in schema.items() if value != ""}


def span_of(project):
    """From when to when, as ISO 8601 writes it; an open end is two dots."""
    if not project.starts_on:
        return ""
    return f"{project.starts_on:%Y-%m-%d}/{project.ends_on or '..'}"
