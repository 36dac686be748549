"""Caches that never stand in anybody's way: one that all workers of a machine share, and Redis.

What lies in a cache can be had without it. So a cache that is gone, full or broken is a cache that
knows nothing: counters start anew, limits let people through, and no page fails of it.
"""

import logging
import pickle
import sqlite3
import time
from pathlib import Path

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.redis import RedisCache
from environ import Env

log = logging.getLogger(__name__)

REST = 5  # seconds for which a cache that has failed is not asked again
FOR_EVER = 1e15  # later than any clock (seconds since 1970)


def configured(url, *, file):
    """A cache as the settings have it: at this address, in a file where none is given, or "off"."""
    if url == "off":
        return {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    if not url:
        return {"BACKEND": "network.caches.MachineCache", "LOCATION": str(file)}
    found = Env.cache_url_config(url)
    if found["BACKEND"].endswith(".RedisCache"):
        found["BACKEND"] = "network.caches.ForgivingRedis"
    return found


class Forgiving:
    """Stands before a cache, and answers in its place as an empty one when it fails."""

    UNWELL = (OSError, sqlite3.Error)

    _rests_until = 0.0

    def _ask(self, name, otherwise, *args):
        if time.monotonic() < type(self)._rests_until:
            return otherwise
        try:
            return getattr(super(), name)(*args)
        except self.UNWELL as error:
            log.warning("The cache does not answer: %s", error)
            type(self)._rests_until = time.monotonic() + REST
            return otherwise

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        return self._ask("add", True, key, value, timeout, version)

    def get(self, key, default=None, version=None):
        return self._ask("get", default, key, default, version)

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        return self._ask("set", None, key, value, timeout, version)

    def touch(self, key, timeout=DEFAULT_TIMEOUT, version=None):
        return self._ask("touch", False, key, timeout, version)

    def delete(self, key, version=None):
        return self._ask("delete", False, key, version)

    def has_key(self, key, version=None):
        return self._ask("has_key", False, key, version)

    def incr(self, key, delta=1, version=None):
        return self._ask("incr", delta, key, delta, version)

    def get_many(self, keys, version=None):
        return self._ask("get_many", {}, keys, version)

    def set_many(self, data, timeout=DEFAULT_TIMEOUT, version=None):
        return self._ask("set_many", [], data, timeout, version)

    def delete_many(self, keys, version=None):
        return self._ask("delete_many", None, keys, version)

    def clear(self):
        return self._ask("clear", None)


class ForgivingRedis(Forgiving, RedisCache):
    """Redis, for several machines; a dead one costs half a second every five, and no page."""

    def __init__(self, server, params):
        from redis.backoff import NoBackoff  # 20 MB that nobody needs without a Redis
        from redis.exceptions import RedisError
        from redis.retry import Retry

        self.UNWELL = (OSError, RedisError)
        quick = {
            "socket_connect_timeout": 0.5,
            "socket_timeout": 0.5,
            "retry": Retry(NoBackoff(), 0),
        }
        options = {**quick, **(params.get("OPTIONS") or {})}
        super().__init__(server, {**params, "OPTIONS": options})


class SharedFile(BaseCache):
    """A cache in a file of its own, which all workers of one machine share (SQLite).

    It counts for all of them at once (`add` and `incr` are single statements), writes nothing to
    the portal's database, and does without waiting for the disk: it may be deleted at any time.
    """

    MOST_BYTES = 256 * 1024**2
    TIDY_EVERY = 1000  # writes
    SCHEMA = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = OFF;
        CREATE TABLE IF NOT EXISTS entry (key TEXT PRIMARY KEY, value, expires REAL NOT NULL);
        CREATE INDEX IF NOT EXISTS entry_expires ON entry (expires);
    """
    WRITE = """
        INSERT INTO entry (key, value, expires) VALUES (?, ?, ?)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires
    """
    ADD = f"{WRITE} WHERE entry.expires <= ?"

    def __init__(self, path, params):
        super().__init__(params)
        self.path = Path(path)
        self._connection = None
        self._writes = 0

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        entry = self._entry(key, value, timeout, version)
        return self._run(self.ADD, *entry, time.time()).rowcount == 1

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        self._run(self.WRITE, *self._entry(key, value, timeout, version))

    def _entry(self, key, value, timeout, version):
        """A row of the table; numbers as they are, so that they can be counted up."""
        self._writes += 1
        if self._writes % self.TIDY_EVERY == 0:
            self._tidy()
        kept = value if type(value) is int else pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        return self.make_and_validate_key(key, version), kept, self._expiry(timeout)

    def get(self, key, default=None, version=None):
        found = self._run(
            "SELECT value FROM entry WHERE key = ? AND expires > ?",
            self.make_and_validate_key(key, version),
            time.time(),
        ).fetchone()
        if found is None:
            return default
        return found[0] if isinstance(found[0], int) else pickle.loads(found[0])  # noqa: S301  ours

    def has_key(self, key, version=None):
        return self.get(key, self, version) is not self

    def incr(self, key, delta=1, version=None):
        """Raises ValueError where there is nothing to count, as Django's caches do."""
        counted = self._run(
            "UPDATE entry SET value = value + ? WHERE key = ? AND expires > ? RETURNING value",
            delta,
            self.make_and_validate_key(key, version),
            time.time(),
        ).fetchall()
        if not counted:
            raise ValueError(f"Key '{key}' not found")
        return counted[0][0]

    def touch(self, key, timeout=DEFAULT_TIMEOUT, version=None):
        found = self._run(
            "UPDATE entry SET expires = ? WHERE key = ? AND expires > ?",
            self._expiry(timeout),
            self.make_and_validate_key(key, version),
            time.time(),
        )
        return found.rowcount == 1

    def delete(self, key, version=None):
        key = self.make_and_validate_key(key, version)
        return self._run("DELETE FROM entry WHERE key = ?", key).rowcount == 1

    def clear(self):
        self._run("DELETE FROM entry")

    def _run(self, statement, *args):
        """A damaged file is thrown away, so that the next who asks begins a new one."""
        try:
            if self._connection is None:
                self._connection = sqlite3.connect(self.path, timeout=1, autocommit=True)
                self._connection.executescript(self.SCHEMA)
            return self._connection.execute(statement, args)
        except sqlite3.Error as error:
            self.close_file()
            if not isinstance(error, sqlite3.OperationalError):
                for ending in ("", "-wal", "-shm"):
                    Path(f"{self.path}{ending}").unlink(missing_ok=True)
            raise

    def close_file(self):
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _expiry(self, timeout):
        moment = self.get_backend_timeout(timeout)
        return FOR_EVER if moment is None else moment

    def _tidy(self):
        """Forget what is over; of too much, the third that would be over first."""
        self._run("DELETE FROM entry WHERE expires <= ?", time.time())
        (held,) = self._run(
            "SELECT (p.page_count - f.freelist_count) * s.page_size"
            " FROM pragma_page_count p, pragma_freelist_count f, pragma_page_size s"
        ).fetchone()
        if held > self.MOST_BYTES:
            self._run(
                "DELETE FROM entry WHERE key IN (SELECT key FROM entry ORDER BY expires"
                " LIMIT (SELECT count(*) / 3 + 1 FROM entry))"
            )


class MachineCache(Forgiving, SharedFile):
    """The portal's own default: no server, one file in DATA_DIR."""
