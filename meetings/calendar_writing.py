"""Calendars as the library writes them, byte for byte, but sooner and with less in memory: it folds
letter by letter, and holds every event of a calendar at once."""

LONGEST = 74  # bytes of a line: RFC 5545, 3.1, asks for at most 75
NEVER_LAST = b"\\^"  # what a sign begins that is written with two: nobody cuts it
FOLD = b"\r\n "
END = b"END:VCALENDAR\r\n"


def folded(line):
    """A line in bytes, cut where it is too long, but never within a letter or a sign."""
    pieces, start = [], 0
    while len(line) - start > LONGEST:
        end = start + LONGEST
        while line[end] & 0xC0 == 0x80:  # within a letter of UTF-8
            end -= 1
        if line[end - 1] in NEVER_LAST and end - 1 > start:
            end -= 1
        pieces.append(line[start:end])
        start = end
    pieces.append(line[start:])
    return FOLD.join(pieces)


def written(component):
    """What component.to_ical() answers."""
    lines = (line_of(component, *each) for each in component.property_items())
    return b"".join(folded(line) + b"\r\n" for line in lines)


def line_of(component, name, value):
    """A property as a line in bytes; the library makes those that have parameters."""
    plain = value if isinstance(value, bytes) else value.to_ical()
    if getattr(value, "params", None) or not isinstance(plain, bytes) or b"\n" in plain:
        return component.content_line(name, value).encode()
    return b"%s:%s" % (name.encode(), plain)


def written_with(calendar, events):
    """A calendar as it is written with these events, each forgotten once it is."""
    head = written(calendar).removesuffix(END)
    return b"".join([head, *map(written, events), END])
