import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

# What production has, on a machine without a certificate and without a web server in front.
WITHOUT_TLS = {"DEBUG": "off", "SSL_REDIRECT": "off", "HSTS_SECONDS": "0", "SERVE_MEDIA": "on"}
GRANIAN = [
    "--interface", "wsgi", "--http", "1", "--no-ws", "--workers", "2", "--blocking-threads", "2",
    "--respawn-failed-workers", "--workers-kill-timeout", "30", "network.wsgi:application",
]  # fmt: skip


class Command(BaseCommand):
    help = "Serve as in production on this machine alone, with the mail worker beside it."

    def add_arguments(self, parser):
        parser.add_argument("port", nargs="?", type=int, default=8000)

    def handle(self, *, port, **options):
        address = f"http://127.0.0.1:{port}"
        self.environment = {**os.environ, **WITHOUT_TLS, "SITE_URL": address}
        for words in (["migrate", "--verbosity", "0"], ["load_network"], ["collectstatic"]):
            subprocess.run(  # noqa: S603  ourselves
                [*manage(*words), *(["--noinput"] if words == ["collectstatic"] else [])],
                env=self.environment,
                check=True,
            )
        self.stdout.write(
            f"\nThe portal as in production: {address}/ (Ctrl-C ends it)\n"
            "What a real one needs besides (host name, TLS, mail server): docs/operations.md\n"
        )
        granian = [str(Path(sys.executable).with_name("granian")), "--host", "127.0.0.1"]
        self.watch([[*granian, "--port", str(port), *GRANIAN], manage("deliver", "--watch")])

    def watch(self, commands):
        """Run them until one ends, or somebody ends them all."""
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        running = [
            subprocess.Popen(command, env=self.environment, cwd=settings.BASE_DIR)  # noqa: S603
            for command in commands
        ]
        try:
            while all(process.poll() is None for process in running):
                time.sleep(0.5)
        except KeyboardInterrupt:
            pass
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait()


def manage(*words):
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), *words]
