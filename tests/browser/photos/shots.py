"""The photos of a form as a person meets them: chosen, shown, told of."""

from playwright.sync_api import Page

from media.models import Photo


def file(content: bytes, name: str = "IMG_1.jpg", kind: str = "image/jpeg") -> dict:
    return {"name": name, "mimeType": kind, "buffer": content}


def shots(page: Page):
    return page.locator("[data-shots] > [data-shot]")


def choose(page: Page, *files: dict) -> None:
    page.locator("[data-shots] input[type=file]").set_input_files(list(files))


def keys(page: Page) -> list[str]:
    return page.locator("[data-shots] input[type=hidden]").evaluate_all("all => all.map(one => one.value)")


def state_of(page: Page, number: int = 0):
    return shots(page).nth(number).locator("[data-state]")


def original(photo: Photo) -> bytes:
    with photo.intake().open(photo.intake_name) as kept:
        return kept.read()
