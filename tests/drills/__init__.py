"""The drills: `python -m tests.drills --help`. docs/reliability.md says what each does, and how.

Each breaks something that breaks in real life, on a portal of its own, and counts what was lost,
which must be nothing. `stage` builds that portal, `inside` looks into its database, `browser`
writes as people do, `tally` counts.
"""
