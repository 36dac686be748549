"""Made-up words: titles, sentences and rich text in both languages, always the same for a seed."""

from random import Random

COMMON = {
    "it": """
        città arte musica cultura rete giovani scuole territorio comunità laboratorio creativa
        paesaggio memoria artigiani mestieri festival mostra ricerca saperi lettura cinema cucina
        tradizione innovazione carta ceramica mosaico voci suoni storie luoghi quartieri piazze
        biblioteche musei teatri imprese associazioni università cittadini famiglie bambini
        percorsi incontri residenze scambi formazione sviluppo sostenibile inclusione
    """,
    "en": """
        city art music culture network young schools territory community workshop creative
        landscape memory artisans crafts festival exhibition research knowledge reading film food
        tradition innovation paper ceramics mosaic voices sounds stories places districts squares
        libraries museums theatres companies associations university citizens families children
        paths meetings residencies exchanges training development sustainable inclusion
    """,
}
LINKS = {
    "it": "e con per della nella tra dei le una il che si dove ogni alla",
    "en": "and with for of in between the a that where each to from by on",
}
SYLLABLES = "ba ce di fo gu la me ni po ru sa te vi zo cra fle gni pra sca tri"
PARAGRAPHS = 400


def coined(random, syllables=4):
    """A word that hardly any other text has."""
    return "".join(random.choices(SYLLABLES.split(), k=syllables))


class Author:
    """Writes for a data set; what it writes follows from the seed alone."""

    def __init__(self, seed):
        self.random = Random(f"bench {seed}")
        self.common = {code: words.split() for code, words in COMMON.items()}
        self.links = {code: words.split() for code, words in LINKS.items()}
        self.paragraphs = {
            code: [self.paragraph(code) for _ in range(PARAGRAPHS)] for code in COMMON
        }

    def sentence(self, code, words):
        """So many words, every other one of the common ones."""
        weights = range(len(self.common[code]), 0, -1)
        told = self.random.choices(self.common[code], weights, k=words // 2)
        between = self.random.choices(self.links[code], k=words // 2)
        text = " ".join(f"{word} {link}" for word, link in zip(told, between, strict=True))
        return f"{text[0].upper()}{text[1:]} {self.random.choice(self.common[code])}."

    def paragraph(self, code):
        return " ".join(self.sentence(code, self.random.randint(8, 18)) for _ in range(5))

    def title(self, code, name=""):
        """Three to five words and, if given, a name that stands in both languages."""
        words = self.random.sample(self.common[code], self.random.randint(3, 5))
        return f"{' '.join(words).capitalize()} {name}".strip()

    def rich(self, code, paragraphs=3, word=""):
        """Rich text of some paragraphs; the word stands in its last one."""
        parts = self.random.sample(self.paragraphs[code], paragraphs)
        return "".join(f"<p>{part}</p>" for part in [*parts[:-1], f"{parts[-1]} {word}".strip()])

    def plain(self, code, letters):
        return self.random.choice(self.paragraphs[code])[:letters].rpartition(" ")[0]

    def both(self, name, write, *arguments):
        """The columns of a field in both languages: `{"title_it": …, "title_en": …}`."""
        return {f"{name}_{code}": write(code, *arguments) for code in COMMON}
