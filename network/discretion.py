"""What the log does not say: the secrets that stand in addresses, and whose mail address it was."""

import logging
import re
from copy import copy

# The key of a person's own calendar, and signed tokens (django.core.signing).
SECRET = re.compile(r"(?<=/calendar/)[\w-]{20,}|[\w-]+:[\w-]+:[\w-]{27,}")
# A mail address as RFC 5321, 4.1.2 has it in practice; the name before the sign may be a person's.
ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@(?=[\w-]+(\.[\w-]+)+)")


def discreet(text):
    """The text as a stranger may read it."""
    return ADDRESS.sub("…@", SECRET.sub("…", text))


class WithoutSecrets(logging.Filter):
    """Shortens each line of the log to what a stranger may read; so it is with its traceback."""

    def filter(self, record):
        careful = copy(record)
        careful.msg, careful.args = discreet(record.getMessage()), ()
        if record.exc_info:
            careful.exc_text = discreet(logging.Formatter().formatException(record.exc_info))
        return careful
