import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

# What production has, on a machine without a certificate and without a web server in front.
WITHOUT_TLS = {"DEBUG": "off", "SSL_REDIRECT": "off", "HSTS_SECONDS": "0", "SERVE_MEDIA": "on"}
TWO_HEAPS = {"MALLOC_ARENA_MAX": "2"}  # as in deploy/systemd/portal-web.service
GRANIAN = [
    "--interface", "wsgi", "--http", "1", "--no-ws", "--workers", "2", "--blocking-threads", "2",
    "--respawn-failed-workers", "--respawn-interval", "10", "--workers-kill-timeout", "30",
    "network.wsgi:application",
]  # fmt: skip

PREPARED_BY = [
    ["migrate", "--verbosity", "0"],
    ["load_network"],
    ["collectstatic", "--noinput", "--verbosity", "0"],
]


class Command(BaseCommand):
    help = "Serve as in production on this machine alone, with the mail worker beside it."

    def add_arguments(self, parser):
        parser.add_argument("port", nargs="?", type=int, default=8000)

    def handle(self, *, port, **options):
        address = f"http://127.0.0.1:{port}"
        self.environment = {**os.environ, **WITHOUT_TLS, **TWO_HEAPS, "SITE_URL": address}
        granian = [str(Path(sys.executable).with_name("granian")), "--host", "127.0.0.1"]
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        with suppress(KeyboardInterrupt):
            self.prepare()
            self.stdout.write(
                f"\nThe portal as in production: {address}/ (Ctrl-C ends it)\n"
                "What a real one needs besides (host name, TLS, mail): docs/operations.md\n"
            )
            self.watch([[*granian, "--port", str(port), *GRANIAN], manage("deliver", "--watch")])

    def prepare(self):
        """Bring database and static files up to this version. CommandError where that fails."""
        self.stdout.write("Preparing database and static files, a minute the first time.")
        for words in PREPARED_BY:
            done = subprocess.run(manage(*words), env=self.environment, check=False)  # noqa: S603
            if done.returncode:
                raise CommandError(f"This failed: manage.py {' '.join(words)}")

    def watch(self, commands):
        """Run them until one ends, or somebody ends them all."""
        running = [
            subprocess.Popen(command, env=self.environment, cwd=settings.BASE_DIR)  # noqa: S603
            for command in commands
        ]
        try:
            while all(process.poll() is None for process in running):
                time.sleep(0.5)
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait()


def manage(*words):
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), *words]
