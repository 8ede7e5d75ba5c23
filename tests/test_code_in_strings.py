"""Code that stands in strings, for another process to run: a name that has gone is found here, not in an hour of `make bench`."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings

IMPORT = re.compile(r"^\s*from ([\w.]+) import ([\w, ]+)$", re.M)


def imports_in_strings() -> Iterator[tuple[str, str, str]]:
    """(file:line, module, name) of each import of our own in a string of the bench and the tests."""
    ours = {config.name for config in apps.get_app_configs() if "." not in config.name} | {"bench", "tests"}
    for path in sorted(
        [*Path(settings.BASE_DIR, "bench").rglob("*.py"), *Path(settings.BASE_DIR, "tests").rglob("*.py")]
    ):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
                continue
            for module, names in IMPORT.findall(node.value):
                if module.partition(".")[0] in ours:
                    yield from (
                        (f"{path.name}:{node.lineno}", module, name.split()[0]) for name in names.split(",")
                    )


def is_there(module: str, name: str) -> bool:
    if hasattr(importlib.import_module(module), name):
        return True
    return importlib.util.find_spec(f"{module}.{name}") is not None


def test_what_code_in_strings_imports_is_there():
    found = list(imports_in_strings())
    assert len(found) > 40
    assert [one for one in found if not is_there(*one[1:])] == []
