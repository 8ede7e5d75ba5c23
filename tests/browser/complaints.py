"""What a page must not say: an error in a script, anything that the CSP refused."""

from playwright.sync_api import Page


def complaints_of(page: Page) -> list[str]:
    """Filled while the page is used."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on(
        "console", lambda line: found.append(line.text) if "Content Security Policy" in line.text else None
    )
    return found
