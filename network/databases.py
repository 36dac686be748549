"""How the portal speaks with its database: SQLite or PostgreSQL, and their copies."""

LONGEST_WAIT = 20  # seconds for a lock; then a page hands back what was typed (network.bad_days)


def configured(found):
    """A database as the settings have it, from what its address says.

    SQLite's writers wait for each other from the start of a transaction (IMMEDIATE), so that none
    fails half-way with "database is locked"; what was saved has reached the disk (FULL, as
    PostgreSQL does); a connection stays open, for to open one takes longer than most questions.
    """
    if found["ENGINE"].endswith("sqlite3"):
        options = {
            "transaction_mode": "IMMEDIATE",
            "timeout": LONGEST_WAIT,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        }
        return {**found, "CONN_MAX_AGE": None, "OPTIONS": options}
    options = {
        **found.get("OPTIONS", {}),
        "connect_timeout": 5,
        "options": f"-c lock_timeout={LONGEST_WAIT}s",
    }
    return {**found, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}
