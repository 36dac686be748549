"""Run pytest on a real PostgreSQL: `python -m tests.on_postgres -k projects`.

The server comes from a wheel and lives as long as the run, in a temporary folder, on a socket.
"""

import os
import subprocess
import sys

from tests.serving import postgres


def main(arguments):
    """Start the server, run pytest against it with these arguments, and answer its exit code."""
    with postgres() as database_url:
        os.environ["DATABASE_URL"] = database_url
        return subprocess.call([sys.executable, "-m", "pytest", *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
