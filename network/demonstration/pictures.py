"""Pictures for the demonstration, drawn by the program: one manner for each creative field."""

import math
from functools import cache

from django.core.files.base import ContentFile

from network.demonstration.canvas import HEIGHT, INK, PAPER, WIDTH, Canvas, mix, smooth


def fibres(canvas):
    """Crafts: torn sheets of handmade paper, one over the other, with fibres and laid lines."""
    random = canvas.random
    sheets = random.choice([5, 6, 7])
    for layer in range(sheets):
        depth = layer / (sheets - 1)
        bend, tear, slope = (
            smooth(random, 3, 1800),
            smooth(random, 9, 110),
            random.uniform(-0.2, 0.2),
        )
        top = 20 + layer * 860 / sheets

        def edge(x, bend=bend, tear=tear, slope=slope, top=top):
            return top + bend(x) * 34 + tear(x) * 2.2 + (x - WIDTH / 2) * slope

        rim = [(x, edge(x)) for x in range(-20, WIDTH + 40, 4)]
        sheet = [*rim, (WIDTH + 40, HEIGHT + 60), (-20, HEIGHT + 60)]
        fill = mix(canvas.tint(0.86 - depth * 0.76), canvas.accent, random.choice([0, 0.12, 0.4]))
        canvas.shade(sheet, depth=18, opacity=0.4)
        canvas.polygon(sheet, mix(fill, PAPER, 0.55))
        canvas.polygon([(x, y + 7 + tear(x * 1.7) * 3) for x, y in rim] + sheet[-2:], fill)
        for laid in range(16, HEIGHT, 15):
            line = [(x, y + laid) for x, y in rim[::12]]
            canvas.line(line, mix(fill, INK, 0.045), 1)
        for _ in range(170):
            fibre(
                canvas,
                edge,
                mix(fill, random.choice([PAPER, PAPER, INK]), random.uniform(0.15, 0.5)),
            )


def fibre(canvas, edge, colour):
    random = canvas.random
    x, length = random.uniform(0, WIDTH), random.uniform(16, 90)
    y = edge(x) + random.uniform(16, 340)
    angle, bend = random.uniform(0, math.tau), random.uniform(-1.8, 1.8)
    points = []
    for step in range(10):
        turn, reach = angle + bend * step / 9, length * step / 9
        point = (x + math.cos(turn) * reach, y + math.sin(turn) * reach)
        if point[1] > edge(point[0]) + 9:
            points.append(point)
    if len(points) > 1:
        canvas.line(points, colour, random.choice([0.7, 1, 1.5]))


def modules(canvas):
    """Design: a wall of tiles made from circles, quarters and diagonals."""
    random, side = canvas.random, canvas.random.choice([120, 150, 180])
    shades = [
        canvas.colour, canvas.tint(0.35), canvas.tint(0.62), canvas.tint(0.8),
        canvas.tint(0.45, INK), canvas.accent, mix(canvas.accent, PAPER, 0.5), PAPER,
    ]  # fmt: skip
    for row in range(HEIGHT // side + 1):
        for column in range(WIDTH // side + 1):
            x, y = column * side, row * side
            under, over, third = random.sample(shades, 3)
            canvas.box(x, y, side + 1, side + 1, under)
            corner = random.randrange(4)
            cx, cy = x + side * (corner % 2), y + side * (corner // 2)
            manner = random.choice(["quarter", "quarter", "rings", "half", "leaf", "disc", "bars"])
            if manner == "quarter":
                quarters(canvas, cx, cy, side, corner, [over])
            elif manner == "rings":
                quarters(canvas, cx, cy, side, corner, [over, third, under, over])
            elif manner == "half":
                canvas.polygon(
                    [(x, y), (x + side, y), (x, y + side)]
                    if corner % 2
                    else [(x, y), (x + side, y), (x + side, y + side)],
                    over,
                )
            elif manner == "leaf":
                canvas.box(x, y, side, side, over)
                quarters(canvas, x, y, side, 0, [third])
                quarters(canvas, x + side, y + side, side, 3, [third])
                canvas.disc(x + side / 2, y + side / 2, side * 0.16, fill=over)
            elif manner == "disc":
                canvas.disc(x + side / 2, y + side / 2, side * 0.36, fill=over)
                canvas.disc(x + side / 2, y + side / 2, side * 0.15, fill=third)
            else:
                for bar in range(4):
                    canvas.box(x, y + bar * side / 4, side, side / 8, over)


def quarters(canvas, x, y, side, corner, fills):
    start = {0: 0, 1: 90, 2: 270, 3: 180}[corner]
    for step, fill in enumerate(fills):
        canvas.slice(x, y, side * (1 - step * 0.25), start, start + 90, fill)


def projection(canvas):
    """Film: beams of light that cross a dark room and open into frames."""
    random = canvas.random
    canvas.box(0, 0, WIDTH, HEIGHT, mix(canvas.colour, INK, 0.72))
    lights = [PAPER, canvas.tint(0.6), mix(canvas.accent, PAPER, 0.5)]
    x, y = -60, random.uniform(250, 420)
    for beam in range(7):
        angle, spread = (
            -0.42 + beam * 0.155 + random.uniform(-0.02, 0.02),
            random.uniform(0.035, 0.07),
        )
        ends = [
            (x + math.cos(a) * 1800, y + math.sin(a) * 1800)
            for a in (angle - spread, angle + spread)
        ]
        canvas.veil([(x, y), *ends], random.choice(lights), random.uniform(0.07, 0.2))
    sway, frames = random.uniform(0, math.tau), random.choice([3, 4])
    for number in range(frames):
        width = 1080 / frames + number * 24
        height = width * 0.64
        top = 450 - height / 2 + math.sin(number * 1.6 + sway) * 120
        film_frame(canvas, 70 + number * 1370 / frames, top, width, height, 0.24 * number)
    for _ in range(260):
        dust = (random.uniform(0, WIDTH), random.uniform(0, HEIGHT), random.uniform(0.6, 1.9))
        canvas.disc(*dust, fill=canvas.tint(random.uniform(0.3, 0.8)))


def film_frame(canvas, x, y, width, height, warmth):
    """A piece of film with its holes: hills under a moon."""
    random, right, bottom = canvas.random, x + width, y + height
    canvas.shade(
        [(x, y - 26), (right, y - 26), (right, bottom + 26), (x, bottom + 26)],
        depth=24,
        opacity=0.6,
    )
    canvas.box(x, y - 26, width, height + 52, mix(canvas.colour, INK, 0.85), radius=6)
    canvas.box(x, y, width, height, mix(canvas.tint(0.25), canvas.accent, warmth))
    moon = x + width * random.uniform(0.3, 0.7), y + height * 0.36
    canvas.disc(*moon, height * 0.2, fill=mix(canvas.accent, PAPER, 0.55))
    horizon, hills = y + height * random.uniform(0.52, 0.68), smooth(random, 3, 240)
    for ridge, dark in enumerate((0.25, 0.5, 0.72)):
        base = horizon + ridge * height * 0.1
        steps = [*range(0, int(width), 5), width]
        rim = [(x + step, min(bottom, base + hills(step + ridge * 90) * 12)) for step in steps]
        canvas.polygon([(x, bottom), *rim, (right, bottom)], mix(canvas.colour, INK, dark))
    for hole in range(9):
        for edge in (y - 18, bottom + 9):
            place = x + 8 + hole * (width - 28) / 8
            canvas.box(place, edge, 12, 9, mix(PAPER, canvas.colour, 0.35), radius=3)


def tables(canvas):
    """Gastronomy: a laid table seen from above, plates beside plates."""
    random = canvas.random
    cloth = canvas.tint(0.9)
    canvas.box(0, 0, WIDTH, HEIGHT, cloth)
    for step in range(0, WIDTH, 36):
        canvas.line([(step, 0), (step, HEIGHT)], mix(cloth, canvas.colour, 0.09), 9)
        canvas.line([(0, step), (WIDTH, step)], mix(cloth, canvas.colour, 0.06), 9)
    plates = []
    for radius in (225, 225, 170, 170, 125, 125, 125, 88, 88, 62, 62):
        for _ in range(60):
            x, y = random.uniform(-30, WIDTH + 30), random.uniform(-30, HEIGHT + 30)
            if all(math.hypot(x - a, y - b) > radius + c + 14 for a, b, c in plates):
                plates.append((x, y, radius))
    canvas.shade(*(around(*each) for each in plates), depth=13, opacity=0.4)
    for x, y, radius in plates:
        plate(canvas, x, y, radius)


def around(x, y, radius, corners=40):
    turns = (corner / corners * math.tau for corner in range(corners))
    return [(x + math.cos(turn) * radius, y + math.sin(turn) * radius) for turn in turns]


def plate(canvas, x, y, radius):
    random = canvas.random
    rim = random.choice([PAPER, canvas.tint(0.6), canvas.colour, mix(canvas.accent, PAPER, 0.25)])
    food = random.choice([canvas.colour, canvas.accent, canvas.tint(0.3), canvas.tint(0.3, INK)])
    canvas.disc(x, y, radius, fill=rim)
    canvas.disc(x, y, radius * 0.93, outline=mix(rim, INK, 0.14), width=1.5)
    canvas.disc(x, y, radius * 0.7, fill=mix(rim, PAPER, 0.6), outline=mix(rim, INK, 0.1), width=1)
    if radius < 70:
        canvas.disc(x, y, radius * 0.5, fill=food)
    elif random.random() < 0.5:
        leaves = random.choice([5, 7, 9])
        for leaf in range(leaves):
            petal(
                canvas,
                x,
                y,
                radius * 0.58,
                leaf / leaves * math.tau,
                mix(food, PAPER, 0.12 * (leaf % 3)),
            )
    else:
        for _ in range(int(radius * 0.9)):
            away, turn = radius * 0.55 * math.sqrt(random.random()), random.uniform(0, math.tau)
            grain = mix(food, random.choice([PAPER, INK]), random.uniform(0, 0.35))
            canvas.disc(
                x + math.cos(turn) * away,
                y + math.sin(turn) * away,
                random.uniform(3, 7),
                fill=grain,
            )


def petal(canvas, x, y, length, turn, fill):
    points = []
    for step in range(22):
        side, along = (1, step / 10) if step < 11 else (-1, (21 - step) / 10)
        out, wide = along * length, math.sin(along * math.pi) * length * 0.24 * side
        points.append(
            (
                x + math.cos(turn) * out - math.sin(turn) * wide,
                y + math.sin(turn) * out + math.cos(turn) * wide,
            )
        )
    canvas.polygon(points, fill)


def pages(canvas):
    """Literature: open books on a table, each with its own writing."""
    random = canvas.random
    canvas.box(0, 0, WIDTH, HEIGHT, mix(canvas.colour, canvas.accent, random.choice([0, 0.15])))
    books = [
        (
            column * 412 + (row % 2) * 206 + random.uniform(-12, 12),
            row * 318 - 36 + random.uniform(-12, 12),
        )
        for row in range(3)
        for column in range(-1, 4)
    ]
    covers = [
        [(x - 7, y - 4), (x + 367, y - 4), (x + 367, y + 262), (x - 7, y + 262)] for x, y in books
    ]
    canvas.shade(*covers, depth=22, opacity=0.7)
    for x, y in books:
        cover = random.choice(
            [canvas.tint(0.5, INK), canvas.accent, canvas.tint(0.25), canvas.tint(0.72, INK)]
        )
        canvas.box(x - 7, y - 4, 374, 266, cover, radius=6)
        open_book(canvas, x, y, 180, 250)


def open_book(canvas, x, y, half, height):
    """Leaves that bend away from the fold, and lines of writing that bend with them."""
    random = canvas.random
    lift = random.uniform(16, 30)

    def leaf(side, drop, lift, stops):
        return [
            (x + half + side * half * t, y + drop + 20 - math.sin(t * math.pi) * lift)
            for t in stops
        ]

    every = [step / 20 for step in range(21)]
    for depth in range(4):
        for side in (-1, 1):
            top = leaf(side, (3 - depth) * 4, lift * (0.55 + depth * 0.15), every)
            shade = (0.4, 0.28, 0.16, 0.03 if side > 0 else 0.09)[depth]
            bottom = [(a, b + height - 26) for a, b in reversed(top)]
            canvas.polygon(top + bottom, mix(PAPER, canvas.colour, shade))
    ink = random.choice([canvas.tint(0.25), canvas.tint(0.3, INK), canvas.accent])
    for side in (-1, 1):
        for line in range(10):
            if random.random() < 0.1:
                continue
            near, far = (0.12, random.choice([0.88, 0.88, 0.88, 0.8, 0.55]))
            stops = [near + (far - near) * step / 14 for step in range(15)]
            if side < 0:
                stops = [1 - stop for stop in stops]
            canvas.line(leaf(side, 24 + line * 19, lift, stops), mix(ink, PAPER, 0.35), 3.4)
    canvas.line([(x + half, y + 22), (x + half, y + height - 6)], canvas.tint(0.5), 1.6)


def particles(canvas):
    """Media arts: a lattice of points that a hidden current moves, swells and colours."""
    random = canvas.random
    dark = mix(canvas.colour, INK, 0.78)
    canvas.box(0, 0, WIDTH, HEIGHT, dark)
    across, down = smooth(random, 4, 900), smooth(random, 4, 700)
    twist = smooth(random, 3, 1200)
    step = 20
    for row in range(-3, HEIGHT // step + 4):
        for column in range(-3, WIDTH // step + 4):
            x, y = column * step, row * step
            force = across(x + y * 0.6) + down(y - x * 0.35) + twist(x * 0.7 + y)
            angle = force * 1.3
            glow = (math.sin(force * 1.7) + 1) / 2
            px, py = x + math.cos(angle) * 15, y + math.sin(angle) * 15
            fill = mix(mix(dark, canvas.tint(0.35), glow), canvas.accent, max(0, glow - 0.62) * 2.2)
            canvas.line([(x, y), (px, py)], mix(dark, fill, 0.45), 1.3)
            canvas.disc(px, py, 1.5 + glow**2 * 6.5, fill=mix(fill, PAPER, max(0, glow - 0.85) * 2))


def waves(canvas):
    """Music: the ridges of a sound, line after line, as they fade."""
    random = canvas.random
    far, near, sky = random.choice(
        [
            (canvas.tint(0.84), canvas.tint(0.4, INK), canvas.tint(0.9)),
            (canvas.tint(0.62, INK), canvas.tint(0.3), canvas.tint(0.7, INK)),
            (canvas.tint(0.55), canvas.tint(0.75, INK), mix(canvas.accent, PAPER, 0.72)),
        ]
    )
    canvas.box(0, 0, WIDTH, HEIGHT, sky)
    sun, size = random.uniform(300, 1140), random.uniform(130, 230)
    canvas.disc(sun, 290, size, fill=mix(canvas.accent, sky, 0.15))
    for ring in (1, 2, 3):
        canvas.disc(
            sun, 290, size + ring * 45, outline=mix(canvas.accent, sky, 0.4 + ring * 0.15), width=2
        )
    centre = random.uniform(380, 1060)
    for line in range(24):
        depth = line / 23
        base = 250 + line * 29
        slow, quick = smooth(random, 4, 420), smooth(random, 6, 90)
        points = []
        for x in range(-10, WIDTH + 16, 4):
            bell = math.exp(-(((x - centre) / (300 + 120 * math.sin(line))) ** 2))
            points.append((x, base - abs(slow(x)) * 62 * (0.25 + bell) - quick(x) * 10 * bell))
        fill = mix(far, near, depth)
        canvas.polygon([*points, (WIDTH + 20, HEIGHT + 40), (-20, HEIGHT + 40)], fill)
        canvas.line(points, mix(fill, PAPER, 0.5), 1.8)


def arches(canvas):
    """Architecture: rows of arches with light falling through them."""
    random = canvas.random
    canvas.box(0, 0, WIDTH, HEIGHT, canvas.tint(0.82))
    for row in range(4):
        y, rise = row * 235 - 20, 235
        x = -random.uniform(0, 90)
        canvas.box(0, y, WIDTH, rise, canvas.tint(0.72 - row * 0.15))
        while x < WIDTH:
            width = random.choice([110, 140, 180])
            inner = width * 0.74
            left = x + (width - inner) / 2
            hollow = mix(canvas.tint(0.25, INK), canvas.accent, random.choice([0, 0, 0.75]))
            light = mix(hollow, PAPER, 0.3)
            spring = y + 34 + inner / 2
            canvas.disc(left + inner / 2, spring, inner / 2, fill=hollow)
            canvas.box(left, spring, inner, rise - 34 - inner / 2, hollow)
            canvas.polygon(
                [
                    (left, y + rise),
                    (left + inner * 0.15, spring),
                    (left + inner * 0.6, spring - inner * 0.3),
                    (left + inner * 0.78, y + rise),
                ],
                light,
            )
            x += width
        canvas.box(0, y + rise - 9, WIDTH, 9, canvas.tint(0.5 - row * 0.12))


MANNERS = {
    "crafts-folk-art": (fibres, "#9C4A1A", ["#E2B04A", "#C96F4A", "#5F7A61"]),
    "design": (modules, "#6B3FA0", ["#F2A541", "#E86A92", "#3AA6A0"]),
    "film": (projection, "#1D4E89", ["#F4B860", "#F08A5D", "#E8D5A3"]),
    "gastronomy": (tables, "#B3261E", ["#5E7F3A", "#E0A030", "#7A4B2A"]),
    "literature": (pages, "#7A5A00", ["#A63D2F", "#2F5D62", "#C8963E"]),
    "media-arts": (particles, "#00707A", ["#FF8A5B", "#F6E05E", "#E879B9"]),
    "music": (waves, "#0B6E4F", ["#F2C14E", "#F08A5D", "#F7E3AF"]),
    "architecture": (arches, "#4A5568", ["#E4A853", "#D97B5B"]),
}


@cache
def drawn(field, seed):
    manner, colour, accents = MANNERS[field]
    manner(canvas := Canvas(f"{field} {seed}", colour, accents))
    return canvas.finish()


def picture(field, seed):
    """A JPEG in the manner of a creative field; the same seed always gives the same picture."""
    return ContentFile(drawn(field, seed), name="demonstration.jpg")
