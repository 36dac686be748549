"""What a drill tried, what was lost, and what it found out on the way."""

import time
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """One run of one drill on one database."""

    drill: str
    database: str
    tried: Counter = field(default_factory=Counter)
    lost: list = field(default_factory=list)
    skipped: list = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)
    seconds: float = 0

    def expect(self, is_true, words):
        """Note as lost what should have been there; answers whether it was."""
        if not is_true:
            self.lost.append(words)
            print(f"    LOST: {words}", flush=True)
        return bool(is_true)

    def skip(self, words):
        """Note what this machine does not allow to try."""
        self.skipped.append(words)

    def end(self):
        self.seconds = time.monotonic() - self.begun

    @property
    def tried_in_words(self):
        return ", ".join(f"{many} {what}" for what, many in self.tried.items())

    @property
    def lost_in_words(self):
        return "; ".join(self.lost[:5]) if self.lost else "nothing"

    def __str__(self):
        lines = [
            f"{self.drill} on {self.database}, {self.seconds:.0f} s",
            f"    tried: {self.tried_in_words}",
            *(f"    not tried: {words}" for words in self.skipped),
            f"    lost: {self.lost_in_words}",
        ]
        return "\n".join(lines)
