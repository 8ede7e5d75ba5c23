"""An app names only what is of its own layer or below: in imports, addresses, templates and static files."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import get_resolver

CONTRACTS = tomllib.loads(Path(settings.BASE_DIR, "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]
LAYERS = next(one["layers"] for one in CONTRACTS if one["id"] == "apps")
# The height of each app; those of one layer have the same.
HEIGHT = {app.strip(): height for height, layer in enumerate(reversed(LAYERS)) for app in layer.split("|")}
NAME = re.compile(r"""["']([^"'\s]+)["']""")
TAG = re.compile(r"\{%-?\s*(?:url|include|extends|static)\s[^%]*%\}")
LOAD = re.compile(r"\{%-?\s*load\s+([^%]*)%\}")
LIBRARIES = {
    path.stem: app for app in HEIGHT for path in Path(settings.BASE_DIR, app, "templatetags").glob("*.py")
}
MODULES = re.compile(r"data-module=\"([^\"]+)\"")
URL = re.compile(r"([a-z_]+):[a-z_]+")
FILE = re.compile(r"(?:admin/)?([a-z_]+)/[\w/.-]+\.(?:html|txt|svg|css|js|png|webp)")


def test_imports_run_one_way():
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def find_upward(app: str, names: list[str]) -> list[str]:
    """Return the names of URLs, templates and static files that belong to an app which this one may not name."""
    found = [(name, URL.fullmatch(name) or FILE.fullmatch(name)) for name in names]
    owned = [(name, match[1]) for name, match in found if match and match[1] in HEIGHT]
    return [name for name, owner in owned if owner != app and HEIGHT[owner] >= HEIGHT[app]]


def names_in_template(text: str) -> list[str]:
    tags = [name for tag in TAG.findall(text) for name in NAME.findall(tag)]
    modules = [f"{module}.js" for given in MODULES.findall(text) for module in given.split()]
    loaded = [name for names in LOAD.findall(text) for name in names.split() if name in LIBRARIES]
    return tags + modules + [f"{LIBRARIES[name]}:{name}" for name in loaded]


def names_in_python(text: str) -> list[str]:
    nodes = ast.walk(ast.parse(text))
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def names_in(app: str) -> Iterator[tuple[Path, list[str]]]:
    for path in Path(settings.BASE_DIR, app).rglob("*"):
        if path.suffix == ".py":
            yield path, names_in_python(path.read_text())
        elif "templates" in path.parts and path.is_file():
            yield path, names_in_template(path.read_text())


@pytest.mark.parametrize("app", HEIGHT)
def test_an_app_names_no_address_template_or_file_of_an_app_above(app):
    found = {str(path): upward for path, names in names_in(app) if (upward := find_upward(app, names))}
    assert found == {}


@pytest.mark.parametrize(
    ("app", "names", "upward"),
    [
        ("courses", names_in_template('{% url "progress:lesson" pk as up %}'), ["progress:lesson"]),
        (
            "courses",
            names_in_template("{% include 'progress/_enrol.html' with a=1 %}"),
            ["progress/_enrol.html"],
        ),
        ("ui", names_in_template('<a data-module="ui/a live/b">'), ["live/b.js"]),
        ("courses", names_in_template("{% load i18n enrolment_tags %}"), ["progress:enrolment_tags"]),
        ("live", names_in_python('reverse("rehearsals:studio", args=[pk])'), ["rehearsals:studio"]),
        ("shops", names_in_python('redirect("progress:learn")'), ["progress:learn"]),
        ("live", names_in_template('{% url "shops:mine" %}{% extends "ui/base.html" %}'), []),
        ("config", names_in_python('"12:30", "https://a/b.html"'), []),
    ],
)
def test_a_name_from_above_is_found(app, names, upward):
    assert find_upward(app, names) == upward


def test_every_page_of_an_app_above_is_there():
    resolver = get_resolver()
    namespaces = {name: pattern for name, (_prefix, pattern) in resolver.namespace_dict.items()}
    missing = [
        name
        for page, name in settings.PAGES.items()
        if name.partition(":")[2] not in namespaces[name.partition(":")[0]].reverse_dict
        or HEIGHT[page.partition(".")[0]] >= HEIGHT[name.partition(":")[0]]
    ]
    assert missing == []
