"""Joined scripts: the contents of the joined file, and what cannot be joined."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile

from ui.responses.bundles import (
    BundleFinder,
    MinifiedStaticFilesStorage,
    enclose_module,
    join_modules,
    join_sheets,
)

OUTBOX = """// What waits.
const PATIENCE = 20;
let running;

export const count = (user) => user;
export async function send() {
  // not yet
  return PATIENCE;
}
"""
PHONE = """const PATIENCE = 30;
export default function phone(script) {
  return `${script} ${PATIENCE}`; // said
}
"""


@pytest.fixture
def group(tmp_path):
    """group(line, …, name=text, …): the joined text."""

    def join(*lines: str, **modules: str) -> str:
        for name, text in modules.items():
            (tmp_path / f"{name}.js").write_text(text)
        source = tmp_path / "all.group.js"
        source.write_text("\n".join(lines))
        return join_modules(source)

    return join


def test_modules_are_joined_each_in_a_function_of_its_own(group):
    lines = (
        "// Both.",
        'export * from "./outbox.js";',
        'export { default as phone, PATIENCE } from "./phone.js";',
    )
    text = group(*lines, outbox=OUTBOX, phone=PHONE + "export const PATIENCE2 = 1;")
    assert (
        text
        == """const m0 = (() => {
const PATIENCE = 20;
let running;
const count = (user) => user;
async function send() {
return PATIENCE;
}
return { count: count, send: send };
})();
const { count: m0_count, send: m0_send } = m0;
export { m0_count as count, m0_send as send };
const m1 = (() => {
const PATIENCE = 30;
function phone(script) {
return `${script} ${PATIENCE}`; // said
}
const PATIENCE2 = 1;
return { default: phone, PATIENCE2: PATIENCE2 };
})();
const { default: m1_phone, PATIENCE: m1_PATIENCE } = m1;
export { m1_phone as phone, m1_PATIENCE as PATIENCE };
"""
    )


@pytest.mark.parametrize(
    "text",
    [
        'import { a } from "./b.js";\n',
        "export default class Phone {\n}\n",
        "export { a };\n",
        "const page = `\n  // not a comment\n`;\n",
    ],
)
def test_module_that_joining_would_change_is_refused(group, text):
    with pytest.raises(ValueError, match=r"phone\.js"):
        group('export { default } from "./phone.js";', phone=text)


def test_group_that_says_anything_else_is_refused(group):
    with pytest.raises(ValueError, match=r"all\.group\.js: const a = 1;"):
        group("const a = 1;")


def test_group_is_found_and_collected_like_any_file():
    made = finders.find("progress/signed_in.js")
    assert Path(made).read_text() == join_modules(Path(finders.find("progress/signed_in.group.js")))
    assert finders.find("progress/signed_in.js", find_all=True) == [made]
    assert finders.find("progress/nothing.js") is None
    listed = sorted(path for path, _storage in BundleFinder().list([]))
    assert listed == ["progress/signed_in.js", "rehearsals/studio.js", "rehearsals/task.js", "ui/whole.css"]


def test_every_name_that_a_page_binds_is_in_the_group(settings):
    names = re.findall(r"m\d+_\w+ as (\w+)", Path(finders.find("progress/signed_in.js")).read_text())
    folders = [settings.BASE_DIR / "progress" / "templates", settings.BASE_DIR / "config" / "templates"]
    pages = [path.read_text() for folder in folders for path in folder.rglob("*.html")]
    bound = set(re.findall(r'(?:"progress/signed_in.js" %}|{{ script }})#(\w+)', "".join(pages)))
    assert bound == {"done", "player", "choice", "watch", "aloud", "keep", "kept", "fresh"}
    assert bound | {"default", "add", "send", "isPossible"} <= set(names)
    assert len(names) == len(set(names))


def test_module_can_be_had_whole_under_a_name(group):
    text = group('export * as outbox from "./outbox.js";', outbox=OUTBOX)
    assert text.endswith("return { count: count, send: send };\n})();\nexport { m0 as outbox };\n")


def test_sheets_are_joined_in_their_order(tmp_path):
    (tmp_path / "a.css").write_text("a {\n  color: red;\n}\n")
    (tmp_path / "b.css").write_text("b {\n  color: blue;\n}\n")
    group = tmp_path / "both.group.css"
    group.write_text('/* Both;\n   in this order. */\n@import "./b.css";\n@import "./a.css";\n')
    assert join_sheets(group) == "b {\n  color: blue;\n}\n\na {\n  color: red;\n}\n"
    group.write_text("b { color: blue; }\n")
    with pytest.raises(ValueError, match=r"both\.group\.css: b \{ color: blue; \}"):
        join_sheets(group)


def test_module_of_another_app_is_joined(group):
    text = group('export * from "../outbox/outbox.js";')
    assert enclose_module(Path(finders.find("outbox/outbox.js")))[0] in text


def test_module_of_another_app_that_is_not_there_is_refused(group):
    with pytest.raises(ValueError, match=r"all\.group\.js: \.\./outbox/nothing\.js"):
        group('export * from "../outbox/nothing.js";')


SHEET = """/* What it is for. */
.a {
  width: calc(100% + var(--s1));
}
"""


def test_sheet_is_collected_without_comments_and_blanks_under_a_hash_of_that(tmp_path):
    storage = MinifiedStaticFilesStorage(location=tmp_path, base_url="/static/")
    storage.save("a.css", ContentFile(SHEET.encode()))
    storage.save("a.js", ContentFile(b"// as it is\n"))
    assert all(
        not isinstance(done, Exception)
        for _a, _b, done in storage.post_process({"a.css": (storage, "a.css")})
    )
    small = ".a{width:calc(100% + var(--s1))}"
    assert (tmp_path / "a.css").read_text() == small
    assert (tmp_path / storage.stored_name("a.css")).read_text() == small
    assert storage.stored_name("a.css") != "a.css"
    assert (tmp_path / "a.js").read_text() == "// as it is\n"
