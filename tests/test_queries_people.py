"""The pages of people ask the database as often with three rows as with one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import make

pytestmark = pytest.mark.django_db

PAGES = {
    "/en/cities/parma/people/": 9,
    "/en/cities/parma/people/invite/": 7,
    "/en/profile/": 7,
    "/en/profile/close/": 8,
    "/en/profile/data/": 52,  # one for each table that points at people, and what these name
}


def one_more(parma, person):
    make.delegate(city=parma, role="collaborator")
    make.delegate(city=make.city(), user=person)
    project = make.project(lead=parma, created_by=person)
    project.submit(by=person)
    person.delegates.exclude(city=parma).last().end(by=person)


@pytest.mark.parametrize("address", PAGES)
def test_a_focal_point(as_user, parma, parma_delegate, coordinator, address):
    client = as_user(parma_delegate)
    one_more(parma, parma_delegate)
    one = asked(client, address)
    one_more(parma, parma_delegate)
    one_more(parma, parma_delegate)
    assert asked(client, address) == one <= PAGES[address]


def asked(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
