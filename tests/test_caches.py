"""The cache counts for all workers of a machine, and nothing fails where it is gone."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine

from network.caches import ForgivingRedis, MachineCache


@pytest.fixture(autouse=True)
def rested(monkeypatch):
    for cache in (MachineCache, ForgivingRedis):
        monkeypatch.setattr(cache, "_rests_until", 0.0)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cache.sqlite3"


def test_what_one_worker_keeps_another_finds(path):
    one, other = MachineCache(path, {}), MachineCache(path, {})
    one.set("list", [1.5, "due", None])
    assert other.get("list") == [1.5, "due", None]
    assert other.add("list", "mine") is False
    assert other.delete("list") is True
    assert one.get("list", "gone") == "gone"
    assert one.add("list", "mine") is True


def test_several_workers_count_without_losing_one(path):
    MachineCache(path, {}).set("asked", 0)

    def ask(_worker):
        cache = MachineCache(path, {})
        return [cache.incr("asked") for _ in range(250)]

    with ThreadPoolExecutor(4) as workers:
        counted = [number for numbers in workers.map(ask, range(4)) for number in numbers]
    assert sorted(counted) == list(range(1, 1001))


def test_nothing_is_counted_that_nobody_began_to_count(path):
    cache = MachineCache(path, {})
    with pytest.raises(ValueError, match="asked"):
        cache.incr("asked")


def test_what_is_kept_for_a_minute_is_gone_after_it(path):
    cache = MachineCache(path, {})
    with time_machine.travel("2026-11-23 10:00+00:00", tick=False) as now:
        cache.set("a", 1, 60)
        cache.set("b", 1, 60)
        cache.set("always", 1, None)
        now.shift(59)
        assert cache.touch("b", 60) is True
        now.shift(1)
        assert (cache.get("a"), cache.get("b"), cache.get("always")) == (None, 1, 1)
        assert cache.add("a", 2, 60) is True
        assert cache.get("a") == 2


def test_the_file_does_not_grow_for_ever(path, monkeypatch):
    monkeypatch.setattr(MachineCache, "TIDY_EVERY", 10)
    monkeypatch.setattr(MachineCache, "MOST_BYTES", 500_000)
    cache = MachineCache(path, {})
    for number in range(60):
        cache.set(str(number), b"x" * 50_000, 60 + number)
    assert cache.get("59") is not None
    assert cache.get("0") is None
    assert path.stat().st_size < 1_500_000


def test_a_damaged_file_is_begun_anew(path, monkeypatch):
    cache = MachineCache(path, {})
    path.write_bytes(b"this is no database" * 500)
    assert cache.get("a", "nothing") == "nothing"
    monkeypatch.setattr(MachineCache, "_rests_until", 0.0)
    cache.set("a", 1)
    assert cache.get("a") == 1


@pytest.mark.parametrize(
    "gone",
    [
        lambda tmp_path: MachineCache(tmp_path / "no folder" / "cache.sqlite3", {}),
        lambda tmp_path: ForgivingRedis("redis://127.0.0.1:9", {}),
    ],
    ids=["file", "redis"],
)
def test_a_cache_that_is_gone_knows_nothing_and_lets_everyone_through(gone, tmp_path, caplog):
    caplog.set_level("WARNING", logger="network.caches")
    cache = gone(tmp_path)
    began = time.monotonic()
    assert cache.add("lock", 1) is True
    assert cache.get("a", "nothing") == "nothing"
    assert cache.incr("asked") == 1
    assert cache.get_many(["a"]) == {}
    assert cache.set_many({"a": 1}) == []
    assert not cache.has_key("a")
    cache.set("a", 1)
    cache.clear()
    assert time.monotonic() - began < 2
    assert [record.message.split(":")[0] for record in caplog.records] == [
        "The cache does not answer"
    ]


def test_a_cache_that_comes_back_is_used_again(tmp_path, monkeypatch):
    folder = tmp_path / "mounted later"
    cache = MachineCache(folder / "cache.sqlite3", {})
    cache.set("a", 1)
    folder.mkdir()
    assert cache.get("a") is None
    monkeypatch.setattr(MachineCache, "_rests_until", time.monotonic() - 1)
    cache.set("a", 1)
    assert cache.get("a") == 1
