"""Where the data sets are kept: made once for each database, and copied, never grown in place."""

import shutil
import subprocess
import sys
import time
from urllib.parse import urlsplit

import psycopg

from tests.serving import ROOT, manage, production, static_files

ENVIRONMENT = {"DJANGO_SETTINGS_MODULE": "network.settings", "LOG_LEVEL": "ERROR"}


def environment_of(url, folder, **env):
    """For commands on a data set: without page cache, so that every question is asked."""
    given = {"PAGE_CACHE_URL": "off", "STATIC_ROOT": static_files(), **ENVIRONMENT, **env}
    return production(database_url=url, data_dir=folder, **given)


def sqlite_sets(folder, sizes):
    """The address of a SQLite file for each size, the smallest first."""
    before, urls = None, []
    for size in sizes:
        file = folder / f"portal-{name_of(size)}.sqlite3"
        url, building = f"sqlite:///{file}", file.with_suffix(".building")
        if not file.exists():
            for rest in folder.glob(f"{building.name}*"):
                rest.unlink()
            if before:
                shutil.copy(before, building)
            make(f"sqlite:///{building}", folder, size, "SQLite")
            building.rename(file)
        manage(environment_of(url, folder), "migrate")
        urls.append(url)
        before = file
    return urls


def postgres_sets(server, folder, sizes):
    """The address of a database for each size in a PostgreSQL server, the smallest first."""
    before, urls = "template0", []
    with psycopg.connect(server, autocommit=True) as connection:
        for size in sizes:
            name = f"portal_{name_of(size)}"
            url = urlsplit(server)._replace(path=f"/{name}").geturl()
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if not known.fetchone():
                connection.execute("DROP DATABASE IF EXISTS building WITH (FORCE)")
                connection.execute(f"CREATE DATABASE building TEMPLATE {before}")
                make(
                    urlsplit(server)._replace(path="/building").geturl(), folder, size, "PostgreSQL"
                )
                connection.execute(f"ALTER DATABASE building RENAME TO {name}")
            manage(environment_of(url, folder), "migrate")
            urls.append(url)
            before = name
    return urls


def name_of(size):
    return "_".join(map(str, size))


def make(url, folder, size, vendor):
    """Let a database, empty or smaller, grow to this size."""
    print(f"{vendor}: {size.cities} cities, {size.projects} projects", flush=True)
    began, environment = time.monotonic(), environment_of(url, folder)
    manage(environment, "migrate")
    command = [sys.executable, "-m", "tests.bench.data", *map(str, size)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    print(f"\r  made in {time.monotonic() - began:.0f} s{' ' * 30}", flush=True)
