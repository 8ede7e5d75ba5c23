"""A camera for Chromium that is cheap to record: its own has 854 by 480 pixels, and encoding them takes a second of
processor time for every second or two of a recording."""

from pathlib import Path

from django.conf import settings

WIDTH, HEIGHT, FPS = 160, 120, 10
PICTURES = 20  # begun again after two seconds
MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


def camera() -> list[str]:
    """The flags for a camera whose picture moves and a microphone that beeps, given to whoever asks."""
    path = Path(settings.VAR_DIR, "camera.y4m")
    if not path.exists():
        path.write_bytes(film())
    return [*MICROPHONE, f"--use-file-for-fake-video-capture={path}"]


def film() -> bytes:
    """A grey slope that moves to the left, as YUV4MPEG2."""
    head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FPS}:1 Ip A1:1 C420jpeg\n".encode()
    grey = bytes([128]) * (WIDTH * HEIGHT // 2)
    row = bytes(range(48, 208)) * 2
    pictures = (row[at : at + WIDTH] * HEIGHT for at in range(0, WIDTH, WIDTH // PICTURES))
    return head + b"".join(b"FRAME\n" + light + grey for light in pictures)
