"""Every file, module, function, model, command and link that the documents for engineers name is there."""

import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands

ROOT = Path(settings.BASE_DIR)
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "LICENSES.md",
    "docs/architecture.md",
    "docs/wording.md",
    "docs/county.md",
)
DECISIONS = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("docs/decisions/*.md"))
OURS = [name for name in settings.INSTALLED_APPS if Path(ROOT, name).is_dir()]
PACKAGES = {*OURS, "tests", "bench"}
ENDINGS = "py|md|toml|txt|html|css|js|json|po|mo|in|svg|caddy|jsonl|yaml"
MADE_LATER = (".venv/", "var/")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
FILE = re.compile(rf"(?:[\w.*-]+/)*[\w*-]+\.(?:{ENDINGS})|(?=.*[a-z])(?:[\w.*-]+/)+")
DOTTED = re.compile(r"[A-Za-z]\w*(?:\.\w+)+")


def tracked(name: str) -> list[Path]:
    """Files and folders of that name: by its path from the top, or anywhere where it has none.

    Of a file that ui.responses.bundles makes, the file that it is made of.
    """
    if "/" in name or (ROOT / name).exists():
        return list(ROOT.glob(name.rstrip("/")))
    names = (name, re.sub(r"\.(css|js)$", r".group.\1", name))
    return [path for package in PACKAGES for each in names for path in (ROOT / package).rglob(each)]


@cache
def has_name(dotted: str) -> bool:
    """Whether a module, or something in one, has this name."""
    parts = dotted.split(".")
    for end in range(len(parts), 0, -1):
        path = ROOT.joinpath(*parts[:end])
        if path.is_dir() or path.with_suffix(".py").is_file():
            found = importlib.import_module(".".join(parts[:end])) if end < len(parts) else None
            return all((found := getattr(found, part, None)) is not None for part in parts[end:])
    return False


def models_called(name: str) -> list[type]:
    return [
        model for app in OURS for model in apps.get_app_config(app).get_models() if model.__name__ == name
    ]


def is_there(word: str) -> bool | None:
    """None where the word is no name that can be looked up."""
    if FILE.fullmatch(word):
        return None if word.startswith(MADE_LATER) else bool(tracked(word))
    if not DOTTED.fullmatch(word):
        return None
    first, _dot, rest = word.partition(".")
    if first in PACKAGES:
        return has_name(word)
    if first[0].isupper() and first != "Meta":
        return any(hasattr(model, rest.split(".")[0]) for model in models_called(first))
    return None


def commands_in(text: str) -> Iterator[tuple[str, bool]]:
    """Return commands written as code, `make x`, `manage.py x`, `-m x.y`, and whether each exists."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for name in re.findall(r"^(?:\w+=\S+ )*make ([a-z]+)", text, re.MULTILINE):
        yield f"make {name}", name in targets
    for name in re.findall(r"manage\.py ([a-z_]+)", text):
        yield f"manage.py {name}", name in get_commands()
    for name in re.findall(r"-m ((?:\w+\.)*\w+)", text):
        if name.split(".")[0] in PACKAGES:
            yield f"-m {name}", has_name(name)
    for name in re.findall(r"(?<![\w/])tests/[\w./]+", text):
        yield name, bool(tracked(name))


def not_there(text: str, folder: Path = ROOT) -> list[str]:
    """The names in a document that nothing in the project answers to."""
    words = CODE.findall(FENCE.sub("", text))
    code = "\n".join([*words, *FENCE.findall(text)])
    missing = [word for word in words if is_there(word.removesuffix("()")) is False]
    missing += [command for command, is_known in commands_in(code) if not is_known]
    missing += [link for link in LINK.findall(text) if ":" not in link and not (folder / link).exists()]
    return missing


@pytest.mark.parametrize("name", [*DOCUMENTS, *DECISIONS])
def test_what_the_document_names_is_there(name):
    path = ROOT / name
    assert not_there(path.read_text(), path.parent) == []


def test_a_name_that_is_gone_is_found():
    text = (
        "`ui/forms.py` `ui.forms.FarmForm` `ui.forms.Gone` `ui.gone` `ui/gone.py` `gone.html` `Order.gone` `Order.status`"
        " `make lint` `make tea` `manage.py work` `manage.py rest` [a](README.md) [b](docs/gone.md) `n.b.` `/sync/`"
    )
    assert not_there(text) == [
        *("ui.forms.Gone", "ui.gone", "ui/gone.py", "gone.html", "Order.gone"),
        *("make tea", "manage.py rest", "docs/gone.md"),
    ]


def glossary() -> dict[str, str]:
    """The dotted name of each model in the glossary → its row."""
    rows = [line for line in (ROOT / "CONTRIBUTING.md").read_text().splitlines() if line.startswith("| ")]
    return {row.split("|")[3].strip(" `"): row for row in rows if row.count("|") == 5}


def test_glossary_has_every_model_by_the_name_that_people_read():
    rows = glossary()
    missing = []
    for app in OURS:
        for model in apps.get_app_config(app).get_models():
            row = rows.get(f"{app}.models.{model.__name__}", "")
            name = str(model._meta.verbose_name)
            if not row or (not name.isascii() and name not in row):
                missing.append(f"{name}: {app}.models.{model.__name__}")
    assert missing == []


def test_glossary_has_every_state_of_what_people_follow():
    """The glossary names each state of an order, a listing, a role, a paper or a film in both languages."""
    rows = glossary()
    missing = [
        f"{name}: {value} {label}"
        for name in rows
        if re.fullmatch(r"\w+\.models\.[A-Z]\w+", name)
        for model in [apps.get_model(name.replace(".models.", "."))]
        for kind in ("Status", "State")
        for value, label in getattr(getattr(model, kind, None), "choices", ())
        if f"{value} {label}" not in rows[name]
    ]
    assert missing == []
