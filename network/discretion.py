"""What the log does not say: the secrets that stand in addresses."""

import logging
import re
from copy import copy

# The key of a person's own calendar, and signed tokens (django.core.signing).
SECRET = re.compile(r"(?<=/calendar/)[\w-]{20,}|[\w-]+:[\w-]+:[\w-]{27,}")


class WithoutSecrets(logging.Filter):
    """Shortens each line of the log to what a stranger may read."""

    def filter(self, record):
        discreet = copy(record)
        discreet.msg, discreet.args = SECRET.sub("…", record.getMessage()), ()
        return discreet
