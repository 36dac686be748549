"""A sheet of paper and a pencil: what the demonstration's pictures are drawn with."""

import io
import math
from random import Random

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1440, 900
SCALE = 2  # drawn larger, then shrunk: smooth edges
PAPER = (250, 246, 239)
INK = (28, 26, 38)


class Canvas:
    """A sheet with a palette made from one colour, and a pencil that draws in its own units."""

    def __init__(self, seed, colour, accents):
        self.random = Random(seed)  # noqa: S311
        self.colour, self.accent = rgb(colour), rgb(self.random.choice(accents))
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), self.tint(0.88))
        self.draw = ImageDraw.Draw(self.image)

    def tint(self, amount, towards=PAPER):
        return mix(self.colour, towards, amount)

    def polygon(self, points, fill):
        self.draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)

    def line(self, points, fill, width=1.0):
        self.draw.line(
            [(x * SCALE, y * SCALE) for x, y in points],
            fill=fill,
            width=max(1, round(width * SCALE)),
            joint="curve",
        )

    def disc(self, x, y, radius, fill=None, outline=None, width=1.0):
        box = [
            (x - radius) * SCALE,
            (y - radius) * SCALE,
            (x + radius) * SCALE,
            (y + radius) * SCALE,
        ]
        self.draw.ellipse(box, fill=fill, outline=outline, width=round(width * SCALE))

    def slice(self, x, y, radius, start, end, fill):
        box = [
            (x - radius) * SCALE,
            (y - radius) * SCALE,
            (x + radius) * SCALE,
            (y + radius) * SCALE,
        ]
        self.draw.pieslice(box, start, end, fill=fill)

    def box(self, x, y, width, height, fill, radius=0):
        self.draw.rounded_rectangle(
            [x * SCALE, y * SCALE, (x + width) * SCALE, (y + height) * SCALE],
            radius * SCALE,
            fill=fill,
        )

    def veil(self, points, fill, opacity):
        """A polygon that lets through what is under it."""
        mask = Image.new("L", self.image.size, 0)
        ImageDraw.Draw(mask).polygon(
            [(x * SCALE, y * SCALE) for x, y in points], fill=round(opacity * 255)
        )
        self.image.paste(fill, mask=mask)

    def shade(self, *outlines, depth=14, opacity=0.28):
        """A soft shadow under what is drawn next."""
        mask = Image.new("L", (WIDTH // 2, HEIGHT // 2), 0)
        for points in outlines:
            shifted = [(x / 2, y / 2 + depth / 2) for x, y in points]
            ImageDraw.Draw(mask).polygon(shifted, fill=round(opacity * 255))
        mask = mask.filter(ImageFilter.GaussianBlur(depth / 1.6)).resize(self.image.size)
        self.image.paste(mix(self.colour, INK, 0.6), mask=mask)

    def finish(self):
        image = self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=88, optimize=True)
        return buffer.getvalue()


def rgb(colour):
    return tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))


def mix(colour, other, amount):
    return tuple(round(a + (b - a) * amount) for a, b in zip(colour, other, strict=True))


def smooth(random, octaves, reach):
    """A gentle function of one number: a sum of sines with chance phases."""
    waves = [
        (random.uniform(0.5, 1.5) * (n + 1) / reach, random.uniform(0, math.tau), 1 / (n + 1))
        for n in range(octaves)
    ]
    return lambda t: sum(
        size * math.sin(t * pace * math.tau + start) for pace, start, size in waves
    )
