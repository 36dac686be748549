"""Parts that can move to machines of their own: a replica of the database, a search server."""

import json
import os
import subprocess
import sys

from django.conf import settings as of_the_portal

from journal.public_pages import for_a_visitor
from network.replica import Router
from projects.models import Project

TOLD = """
import json, django; django.setup()
from importlib.util import find_spec
from django.conf import settings
from django.db import router
from journal.public_pages import for_a_visitor
from projects.models import Project
from modelsearch.query import PlainText
from modelsearch.backends import get_search_backend
with for_a_visitor():
    inside = [router.db_for_read(Project), router.db_for_write(Project)]
told = {
    "inside": inside,
    "outside": router.db_for_read(Project),
    "replica": settings.DATABASES["replica"]["HOST"],
}
told["backend"] = settings.MODELSEARCH_BACKENDS["default"]["BACKEND"]
if find_spec("opensearchpy"):
    backend = get_search_backend()
    words = PlainText("cart music", operator="and")
    asked = backend.autocomplete(words, Project.objects.order_by(), order_by_relevance=False)
    told["asked"] = asked.query_compiler.get_inner_query()
print(json.dumps(told))
"""


def test_what_visitors_read_comes_from_the_replica_and_all_else_from_the_database():
    router = Router()
    assert router.db_for_read(Project) is None
    with for_a_visitor():
        assert router.db_for_read(Project) == "replica"
        assert router.db_for_write(Project) == "default"
    assert router.db_for_read(Project) is None
    assert not router.allow_migrate("replica", "projects")
    assert router.allow_migrate("default", "projects")


def test_variables_name_a_replica_and_a_search_server():
    done = subprocess.run(
        [sys.executable, "-c", TOLD],
        cwd=of_the_portal.BASE_DIR,
        env={
            **os.environ,
            "DATABASE_REPLICA_URL": "postgres://portal:secret@copy.example.org/portal",
            "DATABASE_URL": "postgres://portal:secret@database.example.org/portal",
            "DJANGO_SETTINGS_MODULE": "network.settings",
            "SEARCH_URL": "http://127.0.0.1:9",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["inside"] == ["replica", "default"]
    assert told["outside"] == "default"
    assert told["replica"] == "copy.example.org"
    assert told["backend"] == "modelsearch.backends.opensearch3"
    if asked := json.dumps(told.get("asked", "")).strip('"'):  # where the extra is installed
        assert '"query": "cart music"' in asked
        assert '"operator": "and"' in asked
