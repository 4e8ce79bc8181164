#!/usr/bin/env python3
"""Draws docs/images/wavefront-{light,dark}.svg: a 4 x 4 weight-stationary array in one cycle.

PE (r, c) works on sample m in cycle m + r + c (hw/TIMING.md), on what it was passed from the left
and from above; all numbers in the picture are computed here from SAMPLES and WEIGHTS.
"""
import pathlib

SIZE, CYCLE = 4, 5
SAMPLES = [[2, 1, 0, 3], [1, 2, 4, 1], [3, 0, 2, 1], [0, 5, 1, 2], [4, 1, 3, 0], [1, 2, 1, 1], [2, 3, 0, 4]]
WEIGHTS = [[3, -1, 2, 0], [1, 4, -2, 5], [0, 2, 1, -3], [-2, 1, 3, 2]]
HUES = ["#2f81f7", "#d9822b", "#2da44e", "#a371f7", "#db5a8c", "#159ba6", "#9a8700"]
THEMES = {"light": {"text": "#1f2328", "muted": "#59636e", "line": "#8c959f", "pe": "#f6f8fa"},
          "dark": {"text": "#e6edf3", "muted": "#9198a1", "line": "#6e7681", "pe": "#161b22"}}
BOX_W, BOX_H, GAP, LEFT, TOP, STEP = 108, 64, 26, 232, 70, 46


def name(sample):
    return "abcdefg"[sample]


def draw(theme):
    colour = THEMES[theme]
    out = []

    def text(x, y, words, size=14, fill="text", weight="normal", anchor="middle"):
        out.append(f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" '
                   f'text-anchor="{anchor}" fill="{colour.get(fill, fill)}">{words}</text>')

    def arrow(x1, y1, x2, y2):
        out.append(f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour["line"]}" '
                   f'stroke-width="1.5" marker-end="url(#head)"/>')

    def value(x, y, sample, number):
        out.append(f'<rect x="{x - 19}" y="{y - 14}" width="38" height="28" rx="14" fill="{HUES[sample]}" '
                   f'fill-opacity="0.22" stroke="{HUES[sample]}" stroke-width="1.5"/>')
        text(x, y + 5, str(number).replace("-", "−"))

    right = LEFT + SIZE * (BOX_W + GAP) - GAP
    bottom = TOP + SIZE * (BOX_H + GAP) - GAP
    width, height = right + 190, bottom + 106
    out.append(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
               f'height="{height}" font-family="-apple-system, Segoe UI, Helvetica, Arial, sans-serif" role="img">')
    out.append(f"<title>A 4 x 4 weight-stationary systolic array in cycle {CYCLE}</title>")
    out.append(f'<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
               f'orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="{colour["line"]}"/></marker></defs>')
    text(LEFT, 28, f"A 4 × 4 weight-stationary array in cycle {CYCLE}", 18, weight="600", anchor="start")
    text(LEFT, 50, "Each PE adds its activation times its weight to the sum from above.", 14, "muted", anchor="start")
    text(20, TOP - 20, "activations, each", 13, "muted", anchor="start")
    text(20, TOP - 4, "row a cycle later", 13, "muted", anchor="start")

    for r in range(SIZE):
        y = TOP + r * (BOX_H + GAP)
        middle = y + BOX_H / 2
        arrow(LEFT - GAP + 2, middle, LEFT - 2, middle)
        for place, sample in enumerate(range(CYCLE - r + 1, len(SAMPLES))):
            value(LEFT - GAP - 20 - place * STEP, middle, sample, SAMPLES[sample][r])
        for c in range(SIZE):
            x = LEFT + c * (BOX_W + GAP)
            sample = CYCLE - r - c
            busy = sample >= 0
            if c + 1 < SIZE:
                arrow(x + BOX_W + 2, middle, x + BOX_W + GAP - 2, middle)
            arrow(x + BOX_W / 2, y + BOX_H + 2, x + BOX_W / 2, y + BOX_H + GAP - 2)
            style = (f'fill="{HUES[sample]}" fill-opacity="0.18" stroke="{HUES[sample]}"' if busy else
                     f'fill="{colour["pe"]}" stroke="{colour["line"]}" stroke-dasharray="4 4"')
            out.append(f'<rect x="{x}" y="{y}" width="{BOX_W}" height="{BOX_H}" rx="8" {style} stroke-width="2"/>')
            weight = str(WEIGHTS[r][c]).replace("-", "−")
            if not busy:
                text(x + BOX_W / 2, y + 28, f"weight {weight}", 14, "muted")
                text(x + BOX_W / 2, y + 49, "next cycle", 13, "muted")
                continue
            above = sum(SAMPLES[sample][i] * WEIGHTS[i][c] for i in range(r))
            total = above + SAMPLES[sample][r] * WEIGHTS[r][c]
            words = [str(n).replace("-", "−") for n in (above, SAMPLES[sample][r], total)]
            text(x + BOX_W / 2, y + 27,
                 f'{words[0]} + {words[1]} · <tspan font-weight="700">{weight}</tspan>', 15)
            text(x + BOX_W / 2, y + 50, f"= {words[2]}", 15)

    for c in range(SIZE):
        x = LEFT + c * (BOX_W + GAP) + BOX_W / 2
        for place, sample in enumerate(range(CYCLE - SIZE - c, -1, -1)):
            value(x, bottom + GAP + 16 + place * 32, sample,
                  sum(SAMPLES[sample][i] * WEIGHTS[i][c] for i in range(SIZE)))
    text(right - 1.5 * BOX_W - GAP, bottom + GAP + 20, "finished sums, to the accumulators", 13, "muted",
         anchor="start")

    text(right + 28, TOP + 14, "colour = sample", 13, "muted", anchor="start")
    for sample in range(len(SAMPLES)):
        y = TOP + 38 + sample * 34
        numbers = ", ".join(str(n).replace("-", "−") for n in SAMPLES[sample])
        out.append(f'<rect x="{right + 28}" y="{y - 12}" width="16" height="16" rx="4" fill="{HUES[sample]}" '
                   f'fill-opacity="0.35" stroke="{HUES[sample]}" stroke-width="1.5"/>')
        text(right + 52, y + 1, f"{name(sample)} = ({numbers})", 14, anchor="start")
    y = TOP + 38 + len(SAMPLES) * 34 + 8
    text(right + 28, y, "<tspan font-weight=\"700\">bold</tspan> = weight,", 13, "muted", anchor="start")
    text(right + 28, y + 18, "which stays in its PE", 13, "muted", anchor="start")
    out.append("</svg>")
    return "\n".join(out) + "\n"


for theme in THEMES:
    pathlib.Path(__file__).with_name(f"wavefront-{theme}.svg").write_text(draw(theme), encoding="utf-8")
