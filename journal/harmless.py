"""Names in letters: what somebody typed must not look as if the portal had written it."""

import re

LINK = re.compile(r"<[^>]*>|\w+:/+\S*|\bwww\.\S*", re.IGNORECASE)
# Mail programs make links of evil.example too; "Dott.ssa" is no address.
DOT = re.compile(r"(?<=\w)[.。．｡](?=\w)(?!ssa\b)")


def harmless(text):
    """A name as mails may say it: on one line, without markup, and nothing that becomes a link."""
    text = DOT.sub(". ", LINK.sub(" ", str(text)))
    kept = [each if each.isprintable() and each not in '<>"@\\/' else " " for each in text]
    return " ".join("".join(kept).split())
