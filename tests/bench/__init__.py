"""The benchmark: `python -m tests.bench --help`. docs/performance.md says what it measures and how.

`words` and `data` make the data sets, `pages` says what is asked and counts its queries, `bare` is
what everything is compared with, `driver` asks, `memory` watches, `figures` and `report` tell.
"""
