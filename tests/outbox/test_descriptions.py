"""Whoever reads why something of theirs was not recorded reads a sentence, never a code."""

import importlib

import pytest
from django.conf import settings

from outbox.descriptions import describe_kind, describe_reason

WITHOUT_SENTENCE = describe_reason("a code that nobody has described")
HANDLER_MODULES = {path.rpartition(".")[0] for path in settings.OUTBOX_HANDLERS.values()}
DESCRIPTIONS = {f"{module.partition('.')[0]}.event_descriptions" for module in HANDLER_MODULES}


@pytest.mark.parametrize("name", sorted({"outbox.protocol", *HANDLER_MODULES, *DESCRIPTIONS}))
def test_every_reason_has_a_sentence(name):
    constants = vars(importlib.import_module(name)).items()
    codes = {value for name, value in constants if name.isupper() and isinstance(value, str)}
    without = {code for code in codes if describe_reason(code) == WITHOUT_SENTENCE}
    assert (bool(codes), without) == (True, set())


def test_every_kind_has_a_name():
    names = {describe_kind(kind) for kind in settings.OUTBOX_HANDLERS}
    assert len(names) == len(settings.OUTBOX_HANDLERS)
    assert describe_kind("a kind that nobody has described") not in names
