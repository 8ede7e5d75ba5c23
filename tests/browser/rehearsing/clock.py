"""A camera that films a clock: every tenth of a second is a pattern in the picture, every whole second a beep.

What a film holds can then be read off it: which tenths, each how often, and how far the sound stands from the picture.
"""

from __future__ import annotations

import subprocess
from array import array
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path
from statistics import median

from media.videos import ffmpeg

# The picture is a grid of black and white fields: a 16-bit count of tenths, and four bits by which it is checked.
COLUMNS, ROWS, FIELD = 5, 4, 32
WIDTH, HEIGHT = COLUMNS * FIELD, ROWS * FIELD
BITS, CHECK = 16, 4
RATE = 8000
FPS = 30
BEEP_MS = 120
# Tenths before and after by which one is placed; less than lies between two takes.
AROUND = 4
# ms; a second without a beep of its own has one at twice that at the nearest.
NEAR = 450.0
# Stands in for the phone's camera and microphone; the clock runs on from page to page, as time does.
CAMERA = """(() => {
  const [COLUMNS, ROWS, FIELD, BITS] = [%(columns)d, %(rows)d, %(field)d, %(bits)d];
  const START = %(start)d;
  let sound, base;
  const tenths = () => Math.floor((base + sound.currentTime * 1000 - START) / 100);
  function draw(pen) {
    const count = tenths() %% 65536;
    const check = (count ^ (count >> 4) ^ (count >> 8) ^ (count >> 12) ^ 5) & 15;
    for (let at = 0; at < COLUMNS * ROWS; at += 1) {
      const bit = at < BITS ? (count >> at) & 1 : (check >> (at - BITS)) & 1;
      pen.fillStyle = bit ? "#fff" : "#000";
      pen.fillRect((at %% COLUMNS) * FIELD, Math.floor(at / COLUMNS) * FIELD, FIELD, FIELD);
    }
  }
  async function film() {
    const paper = Object.assign(document.createElement("canvas"), { width: COLUMNS * FIELD, height: ROWS * FIELD });
    const pen = paper.getContext("2d");
    sound ??= new AudioContext();
    await sound.resume();
    base ??= Date.now() - sound.currentTime * 1000;
    const [tone, gate, end] = [sound.createOscillator(), sound.createGain(), sound.createMediaStreamDestination()];
    tone.frequency.value = 1000;
    gate.gain.value = 0;
    tone.connect(gate).connect(end);
    tone.start();
    let next = Math.ceil((base + sound.currentTime * 1000 - START + 50) / 1000); // ms in which it can be got ready
    const timer = setInterval(() => {
      draw(pen);
      while (base + sound.currentTime * 1000 - START > (next - 2) * 1000) {
        const at = (START + next * 1000 - base) / 1000;
        gate.gain.setValueAtTime(0.5, at);
        gate.gain.setValueAtTime(0, at + %(beep)d / 1000);
        next += 1;
      }
    }, 20);
    const stream = new MediaStream([...paper.captureStream(25).getVideoTracks(), ...end.stream.getAudioTracks()]);
    window.filmed = stream;
    return stream;
  }
  navigator.mediaDevices.getUserMedia = film;
  window.addEventListener("studio:kept", ({ detail: { take, until, content } }) => {
    let text = "";
    for (const byte of new Uint8Array(content)) text += String.fromCharCode(byte);
    window.pieceKept(take, until, btoa(text));
  });
})();"""


def camera(start_ms: int) -> str:
    """A script for before a page's own; `start_ms`: the moment from which the tenths are counted."""
    return CAMERA % {
        "columns": COLUMNS,
        "rows": ROWS,
        "field": FIELD,
        "bits": BITS,
        "beep": BEEP_MS,
        "start": start_ms,
    }


@dataclass(frozen=True)
class Seen:
    """`tenths`: (count, milliseconds of the film) of each picture that could be read; `beeps`: where they begin."""

    tenths: list[tuple[int, float]]
    beeps: list[float]
    unread: int

    @property
    def counts(self) -> set[int]:
        return {count for count, _at in self.tenths}

    def runs(self) -> list[int]:
        """The counts as they follow each other; a count that is there twice stands twice."""
        return [count for count, _pictures in groupby(self.tenths, key=lambda one: one[0])]

    def stood(self) -> list[tuple[int, float]]:
        """Each count of the runs and for how many milliseconds it is to be seen."""
        begins = [next(pictures) for _count, pictures in groupby(self.tenths, key=lambda one: one[0])]
        ends = [*(at for _count, at in begins[1:]), self.tenths[-1][1] + 1000 / FPS] if begins else []
        return [(count, end - at) for (count, at), end in zip(begins, ends, strict=True)]

    def seconds(self) -> dict[int, float]:
        """By whole second that the picture turns to while its beep is heard: milliseconds from the one to the other. The
        last one only where the picture goes on for as long as a beep: of one cut off there is nothing to be measured."""
        end = self.tenths[-1][1] if self.tenths else 0
        turns = [(count, at) for (before, _at), (count, at) in pairwise(self.tenths) if count == before + 1]
        whole = [count for count, at in turns if count % 10 == 0 and at + BEEP_MS <= end]
        found = {count: nearest(self.turn(count), self.beeps) for count in whole}
        return {count: offset for count, offset in found.items() if abs(offset) < NEAR}

    def turn(self, count: int) -> float | None:
        """When the picture turns to `count`, by those around it: any one of them alone may have been drawn late, or have
        fallen between two of the film's own pictures."""
        turns = dict(reversed(self.tenths))  # the first picture of each stands
        around = range(count - AROUND, count + AROUND + 1)
        found = [turns[near] + (count - near) * 100 for near in around if near in turns]
        return median(found) if found else None


def nearest(at: float, beeps: list[float]) -> float:
    return min((beep - at for beep in beeps), key=abs, default=NEAR)


def look(path: Path) -> Seen:
    tenths, unread = pictures(path)
    return Seen(tenths, beeps(path), unread)


def pictures(path: Path) -> tuple[list[tuple[int, float]], int]:
    """One grey dot for each field; what is neither black nor white was between two pictures."""
    filters = f"fps={FPS}:start_time=0,scale={COLUMNS}:{ROWS}:flags=area,format=gray"
    raw = out("-i", str(path), "-vf", filters, "-an", "-f", "rawvideo", "-")
    size = COLUMNS * ROWS
    rows = [read(raw[at : at + size]) for at in range(0, len(raw) - size + 1, size)]
    found = [(count, number * 1000 / FPS) for number, count in enumerate(rows)]
    return [(count, at) for count, at in found if count is not None], rows.count(None)


def read(fields: bytes) -> int | None:
    if any(75 < light < 180 for light in fields):
        return None
    bits = [light > 127 for light in fields]
    count = sum(bit << at for at, bit in enumerate(bits[:BITS]))
    check = sum(bit << at for at, bit in enumerate(bits[BITS:]))
    return count if (count ^ count >> 4 ^ count >> 8 ^ count >> 12 ^ 5) & 15 == check else None


def beeps(path: Path) -> list[float]:
    """Milliseconds at which the tone begins, to five."""
    raw = out(
        "-i", str(path), "-vn", "-af", f"aresample={RATE}:async=1:first_pts=0", "-ac", "1", "-f", "s16le", "-"
    )
    samples = array("h", raw[: len(raw) // 2 * 2])
    step = RATE // 200
    blocks = [samples[at : at + step] for at in range(0, len(samples) - step + 1, step)]
    power = [sum(map(abs, block)) / step for block in blocks]
    loud = [one > max(300.0, max(power) * 0.25) for one in power]
    starts = [at for at, is_loud in enumerate(loud) if is_loud and not any(loud[max(0, at - 20) : at])]
    return [at * 5.0 for at in starts]


def out(*arguments: str) -> bytes:
    command = [ffmpeg.find_binary(), "-hide_banner", "-loglevel", "error", "-nostdin", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=120).stdout
