"""Rehearsals of the demo: one that was reviewed to the second, one that waits for its trainer, one still on its phone.

Their films are slides of drawn scenes with a babbling sound, made by code and marked as demonstration; they go the way of
every rehearsal: takes in pieces, handed in with the own score first, joined and measured by the worker's own job.
"""

from __future__ import annotations

import datetime
import subprocess
import uuid
from pathlib import Path

from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont

from accounts.models import User
from config.demo.pictures import render_many
from config.demo.videos import CITRUS, INK, PAPER, font
from courses.models import Drill
from live import planning, rundown
from live.models import Livestream
from media import ffmpeg, takes, tickets, uploading, video_making
from progress import handing_in, noting, rehearsing, reviewing
from progress.models import Rehearsal, Review, Submission
from shops.models import Product

MARK = uuid.UUID("5f0c8a54-6a39-4a6e-9d3c-2a8f5be5d002")
SIZE = (480, 854)
SLIDE_SECONDS, FPS = 12, 5
PIECE = 512 * 1024
SCENES = ("course-cover", "window-light", "weigh-net", "cost-sheet", "freight-box", "before-after")
WORDS = (
    "我是谁，哪个村",
    "切开给您看",
    "上秤，净重 5 斤",
    "29.90 元，合 5.98 元/斤",
    "包邮，2 号链接",
    "坏了拍照给我",
)
# Two tones that swell like syllables; in the third slide nobody speaks for ten seconds.
BABBLE = (
    "0.35*if(between(t,26,36),0,1)*(0.55+0.45*sin(2*PI*3.1*t))"
    "*(sin(2*PI*190*t+2*sin(2*PI*5*t))+0.4*sin(2*PI*760*t))*lt(mod(t,2.3),1.9)"
)
MARKS = {
    "law-blocked": "half",
    "prod-cut": "half",
    "pace-silence": "half",
    "talk-names": "none",
    "prep-table": "half",
}
OWN = {
    "prod-cut": "half",
    "talk-names": "none",
    "talk-answer": "half",
    "pic-frame": "half",
    "prep-table": "half",
}
NOTES = (
    (4_000, None, "keep", "open-who", "开口就报村名和自己，留着。"),
    (14_500, None, "stop", "law-blocked", "“最甜”不能说。您马上改口了，扣 2 分。"),
    (26_000, 36_000, "change", "pace-silence", "这里冷场了十秒，手上换货，嘴别停。只补这一段。"),
    (63_000, None, "keep", "after-bad", "坏果怎么赔，讲得明白。"),
)
SAID = "价报得早，毛病也肯说。就差换货那十秒。"


def plant_rehearsals(trainee: User, mate: User, late: User, trainer: User) -> None:
    """Once. Writes files and makes films, so it stands outside the transaction of the rest."""
    drill = Drill.objects.filter(course__slug="live-selling").order_by("position", "id").first()
    if drill is None or Rehearsal.objects.filter(user=trainee).exists():
        return
    now = timezone.now()
    with video_making.workplace() as folder:
        film = filmed(Path(folder))
        done = handed(trainee, drill, film, now - datetime.timedelta(days=2), "done")
        handed(mate, drill, film, now - datetime.timedelta(hours=5), "waiting")
        on_its_phone(late, drill, film, now - datetime.timedelta(minutes=20))
    reviewed(done, trainer, now - datetime.timedelta(days=1))


def filmed(folder: Path) -> bytes:
    """Upright, as a phone holds it; 72 seconds."""
    drawn = render_many([("scene", name) for name in SCENES])
    for number, (picture, words) in enumerate(zip(drawn, WORDS, strict=True)):
        slide(picture, words).save(folder / f"slide{number:02d}.bmp")
    seconds = len(SCENES) * SLIDE_SECONDS
    command = [ffmpeg.binary(), "-hide_banner", "-loglevel", "error", "-nostdin", "-y"]
    command += ["-framerate", f"1/{SLIDE_SECONDS}", "-i", str(folder / "slide%02d.bmp")]
    command += [
        "-f",
        "lavfi",
        "-i",
        f"aevalsrc='{BABBLE}':s=22050:d={seconds}",
        "-r",
        str(FPS),
        "-t",
        str(seconds),
    ]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "24", "-pix_fmt", "yuv420p"]
    command += ["-c:a", "aac", "-b:a", "48k", "-fflags", "+bitexact", "-f", "mp4", str(folder / "take")]
    subprocess.run(command, check=True, timeout=120)
    return (folder / "take").read_bytes()


def slide(picture: Image.Image, words: str) -> Image.Image:
    """The scene in the middle of an upright picture, under it what is being said."""
    wide, high = SIZE
    whole = Image.new("RGB", SIZE, "#3a2a18")
    scale = max(wide / picture.width, 0.62 * high / picture.height)
    picture = picture.resize(
        (round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS
    )
    whole.paste(picture, ((wide - picture.width) // 2, round(0.12 * high)))
    draw, chinese = ImageDraw.Draw(whole, "RGBA"), font()
    draw.rectangle((0, high - 170, wide, high - 90), fill=f"{PAPER}ee")
    draw.rectangle((0, high - 170, 10, high - 90), fill=CITRUS)
    if chinese:
        draw.text((30, high - 130), words, INK, chinese.font_variant(size=30), anchor="lm")
    small = chinese.font_variant(size=22) if chinese else ImageFont.load_default(22)
    mark = "模拟·演示 DEMO" if chinese else "DEMO"
    draw.rounded_rectangle((16, 18, 44 + draw.textlength(mark, small), 60), 20, fill=f"{INK}c0")
    draw.text((30, 39), mark, PAPER, small, anchor="lm")
    return whole


def begun(user: User, drill: Drill, at: datetime.datetime, name: str) -> Rehearsal:
    """A plan by one tap, and the recorder started on it."""
    shop_goods = Product.objects.filter(shop__owner=user, status=Product.Status.PUBLISHED)[: drill.products]
    plan = planning.create(
        user, key=uuid.uuid5(MARK, f"plan-{name}"), kind=Livestream.Kind.REHEARSAL, drill=drill,
        products=list(shop_goods), starts_at=at, planned_minutes=drill.minutes, title=drill.title,
    )  # fmt: skip
    for item in plan.items.filter(product=None):  # somebody without a shop rehearses with words of their own
        facts = {"name": "冰糖橙 5 斤箱", "unit": "box", "net_grams": 2500, "price_fen": 2990}
        rundown.change(item, facts)
    told = rehearsing.Told(uuid.uuid5(MARK, f"rehearsal-{name}"), plan.pk, "saving", at, at, 0)
    return rehearsing.begin(user, told, at)


def recorded(rehearsal: Rehearsal, film: bytes, at: datetime.datetime, name: str, part: float = 1) -> None:
    """The take in pieces; of a `part` less than 1 the rest is still on the phone."""
    key, user = uuid.uuid5(MARK, f"take-{name}"), rehearsal.user
    item = rehearsal.livestream.items.first()
    marks = [{"kind": "item", "item": item.pk, "at_ms": 0}]
    comments = list(rehearsal.drill.comments.all()[:2])
    for number, comment in enumerate(comments):
        asked = 18_000 + 26_000 * number
        marks.append({"kind": "asked", "comment": comment.pk, "text": comment.text, "at_ms": asked})
        if number == 0:
            marks.append({"kind": "answered", "comment": comment.pk, "at_ms": asked + 4000})
    lasted = len(SCENES) * SLIDE_SECONDS * 1000
    rehearsing.take_in(rehearsal, rehearsing.ToldTake(key, 1, at, True, lasted, marks=marks), at)
    upload = takes.begin(
        user, tickets.Ticket(rehearsing.reference(key), len(film) + 1), len(film), "take.mp4"
    )
    for start in range(0, int(len(film) * part), PIECE):
        uploading.add(upload, start, film[start : start + PIECE])


def handed(user: User, drill: Drill, film: bytes, at: datetime.datetime, name: str) -> Submission:
    rehearsal = begun(user, drill, at, name)
    recorded(rehearsal, film, at, name)
    rubric = handing_in.rubric_for(user, drill)
    marks = (
        {one["code"]: OWN.get(one["code"], "full") for one in rubric.content["criteria"]} if rubric else {}
    )
    own = handing_in.Own(
        uuid.uuid5(MARK, f"submission-{name}"), marks, keep="价钱讲顺了，净重和每斤价连着说。",
        change_one="切果那段太快。", change_two="忘了叫网名。",
    )  # fmt: skip
    later = at + datetime.timedelta(minutes=12)
    submission = handing_in.hand_in(rehearsal, own, later, later)
    submission.refresh_from_db()
    if submission.video_id:
        video_making.make(submission.video_id)
        submission.refresh_from_db()
    return submission


def on_its_phone(user: User, drill: Drill, film: bytes, at: datetime.datetime) -> None:
    rehearsal = begun(user, drill, at, "phone")
    recorded(rehearsal, film, at, "phone", part=0.5)
    told = rehearsing.Told(rehearsal.key, rehearsal.livestream_id, "saving", at, at, len(film) // 2)
    rehearsing.begin(user, told, at)


def reviewed(submission: Submission, trainer: User, at: datetime.datetime) -> None:
    """Signed, with four remarks; the blocked phrase was put right on the spot."""
    review = reviewing.begin(trainer, submission)
    for number, (start, until, tone, criterion, text) in enumerate(NOTES):
        facts = {"at_ms": start, "until_ms": until, "tone": tone, "criterion": criterion, "text": text}
        noting.write(review, uuid.uuid5(MARK, f"note-{number}"), **facts, asks_again=until is not None)
    codes = [one["code"] for one in submission.rubric_content["criteria"]]
    marks = {code: MARKS.get(code, "full") for code in codes}
    reviewing.save(review, marks, words=SAID, slips_fixed=1)
    reviewing.sign_off(review)
    Review.objects.filter(pk=review.pk).update(begun_at=at, saved_at=at, signed_at=at)
