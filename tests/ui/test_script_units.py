"""Functions of the scripts, with exact values, in the browser that runs them, without a server."""

from __future__ import annotations

import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from django.contrib.staticfiles import finders

pytestmark = pytest.mark.browser
PRICE = "shops/pricing/price.js"
TEXT_CHECK = "shops/listings/text_check.js"
JUDGE = "progress/quiz_judge.js"
LINES = "rehearsals/studio_lines.js"
CAMERA = "rehearsals/studio_camera.js"
SLIDES = "progress/slide_order.js"


def test_words_to_replace_are_found_again_in_a_text_that_changed_elsewhere(run):
    shown = {"hit": "最甜", "before": "这是", "after": "的橙"}
    found = {
        "这是最甜的橙子": 2,
        "🍊这是最甜的橙子": 4,
        "你看，这是最甜的橙子": 5,
        "这是最甜的柚子": -1,
        "这是很甜的橙子": -1,
        "你看，这是最甜的橙子，这是最甜的橙子": -1,
        "": -1,
    }
    expression = "Object.keys(given.found).map((text) => m.place(text, given.shown, 2))"
    assert run(TEXT_CHECK, expression, {"found": found, "shown": shown}) == list(found.values())


def test_price_in_fen_of_what_is_typed(run):
    typed = {
        "5.98": 598,
        " ￥５．９８ 元": 598,
        "5。98": 598,
        "10块钱": 1000,
        ".5": 50,
        "0": 0,
        "": 0,
        ".": 0,
        "5.9.8": 0,
        "-3": 0,
        "五块": 0,
        "999999999": 99_999_999_900,
        "1234567890": 0,
    }
    assert run(PRICE, "given.map(m.fenOf)", list(typed)) == list(typed.values())


def test_weight_in_grams_of_what_is_typed_and_a_bare_figure_is_jin(run):
    typed = {
        "5斤": 2500,
        "5": 2500,
        "2.5 公斤": 2500,
        "２千克": 2000,
        "1KG": 1000,
        "3两": 150,
        "800克": 800,
        "800g": 800,
        "半斤": 0,
        "斤": 0,
        "": 0,
    }
    assert run(PRICE, "given.map(m.gramsOf)", list(typed)) == list(typed.values())


def test_price_by_weight_is_rounded_to_the_fen_and_grouped(run):
    cases = [(598, 500, 500), (598, 500, 1000), (100, 300, 500), (2500, 2250, 500), (123_456_789, 500, 500)]
    shown = run(PRICE, "given.map(([fen, grams, unit]) => m.yuanPer(fen, grams, unit))", cases)
    assert shown == ["5.98", "11.96", "1.67", "5.56", "1,234,567.89"]


def test_number_of_a_quiz_is_read_as_whole_digits(run):
    typed = {
        " ５．９８ 元": "5.98",
        "￥5.98": "5.98",
        "3。5斤": "3.5",
        "1,234.5": "1234.5",
        "1,5": "1.5",
        "－3": "-3",
        ".5": ".5",
        "1,2,3": None,
        "1e3": None,
        "五": None,
        "": None,
        "9" * 20: "9" * 20,
        "9" * 21: None,
    }
    assert run(JUDGE, "given.map((typed) => m.number(typed, ['元', '斤']))", list(typed)) == list(
        typed.values()
    )


@pytest.mark.parametrize(
    ("given", "right", "tolerance", "is_right"),
    [
        ("0.30", "0.3", "0", True),
        ("0.31", "0.3", "0", False),
        ("0.31", "0.3", "0.01", True),
        ("0.311", "0.3", "0.01", False),
        ("-.5", "-0.5", "0", True),
        ("-0.5", "0.5", "0.99", False),
        ("+5.", "5", "0", True),
        ("99999999999999999999", "99999999999999999998", "0", False),
    ],
)
def test_number_is_judged_without_rounding(run, given, right, tolerance, is_right):
    question = {"kind": "number", "key": {"right": right, "tolerance": tolerance}}
    assert run(JUDGE, "m.judge(...given)", [question, given]) is is_right


@pytest.mark.parametrize(
    ("kind", "right", "given", "is_right"),
    [
        ("true_false", False, False, True),
        ("single", ["b", "c"], "c", True),
        ("single", ["b"], "a", False),
        ("multiple", ["a", "c"], ["c", "a"], True),
        ("multiple", ["a", "c"], ["a"], False),
        ("multiple", ["a"], ["a", "c"], False),
        ("order", ["a", "b", "c"], ["a", "b", "c"], True),
        ("order", ["a", "b", "c"], ["a", "c", "b"], False),
    ],
)
def test_choice_is_judged(run, kind, right, given, is_right):
    assert run(JUDGE, "m.judge(...given)", [{"kind": kind, "key": {"right": right}}, given]) is is_right


def test_quiz_is_passed_at_the_percentage_itself(run):
    score = "m.score({order: [1, 2, 3, 4, 5], pass_percent: 60}, new Map(given))"
    three, two = [[n, n < 3] for n in range(5)], [[n, n < 2] for n in range(5)]
    assert run(JUDGE, score, three) == {"right": 3, "total": 5, "over": True, "passed": True}
    assert run(JUDGE, score, two) == {"right": 2, "total": 5, "over": True, "passed": False}
    assert run(JUDGE, score, three[:3]) == {"right": 3, "total": 5, "over": False, "passed": True}


def test_mastery_looks_at_the_last_answers_in_the_order_of_the_paper(run):
    score = "m.score({order: Array(9).fill(1), mastery: [3, 4], tells: given.tells}, new Map(given.marks))"
    marks = [[4, True], [0, False], [1, True], [3, True], [2, False]]
    reached = {"right": 3, "total": 5, "over": True, "passed": True}
    assert run(JUDGE, score, {"tells": True, "marks": marks}) == reached
    assert run(JUDGE, score, {"tells": False, "marks": marks}) == reached | {"over": False}
    missed = {"right": 2, "total": 4, "over": False, "passed": False}
    assert run(JUDGE, score, {"tells": True, "marks": marks[1:]}) == missed


def test_stretches_of_a_video_that_meet_are_one(run):
    union = "[m.union(given), given]"
    given = [[30, 40], [0, 10], [5, 20], [6, 7], [20, 25]]
    assert run("progress/player-watch.js", union, given) == [[[0, 25], [30, 40]], given]
    assert run("progress/player-watch.js", union, []) == [[], []]


def take(*marks: tuple, lasted: int | None = 20_000) -> dict:
    rows = [{"kind": kind, "item": item, "at_ms": at} for kind, item, at in marks]
    return {"marks": rows, "lasted": lasted}


@pytest.mark.parametrize(
    ("takes", "kept"),
    [
        ([], []),
        ([take(("item", 1, 0))], [(0, 20_000)]),
        # The second item is done again: what was recorded of it goes, and the next take follows.
        ([take(("item", 1, 0), ("item", 2, 8_000), ("again", 2, 15_000)), take()], [(0, 8_000), (1, 20_000)]),
        # An item of the first take is done again in the second: the rest of the first and the second go.
        ([take(("item", 1, 0), ("item", 2, 8_000)), take(("again", 2, 3_000)), take()], [(0, 8_000), (2, 20_000)]),
        # Done again from its very beginning: nothing of half a second is left.
        ([take(("item", 1, 400), ("again", 1, 9_000)), take()], [(1, 20_000)]),
        # Doing again what was never begun cuts nothing.
        ([take(("again", 7, 9_000))], [(0, 20_000)]),
        # Nothing is cut from a film of unknown length.
        ([take(lasted=None)], [(0, 0)]),
    ],
)  # fmt: skip
def test_bits_that_were_done_again_are_cut_from_the_takes(run, takes, kept):
    found = run(LINES, "[m.stretches(given), m.keptMs(given)]", takes)
    assert [(one["number"], one["until"]) for one in found[0]] == kept
    assert found[1] == sum(until for _number, until in kept)


def test_minutes_and_seconds_are_cut_never_rounded_up(run):
    assert run(LINES, "given.map(m.minutes)", [0, 59.9, 60, 75, 3599.9]) == ["0:00", "0:59", "1:00", "1:15", "59:59"]  # fmt: skip
    assert run("rehearsals/review-film.js", "given.map(m.clock)", [0, 61_999, 600_000]) == ["0:00", "1:01", "10:00"]  # fmt: skip
    assert run("rehearsals/review-film.js", "given.map(m.tenth)", [0, 1_999, 2_000]) == ["0.0", "1.9", "2.0"]


def test_time_on_air_is_shown_from_the_servers_seconds(run):
    show = """given.map((seconds) => {
      const time = document.body.appendChild(document.createElement("time"));
      time.dataset.seconds = seconds;
      m.default(time);
      time.remove();
      return time.textContent;
    })"""
    shown = run("live/on_air/elapsed.js", show, [0, 75, 3675, 36_000])
    assert shown == ["0:00:00", "0:01:15", "1:01:15", "10:00:00"]


def test_taps_on_a_line_mean_done_half_and_not_done_in_turn(run):
    turns = run("rehearsals/review-board.js", "given.map(m.following)", ["", "full", "half", "none"])
    assert turns == ["full", "half", "none", "full"]


def test_viewers_ask_once_each_in_equal_parts_of_the_time(run):
    bank = [{"id": n, "name": "", "text": f"问{n}"} for n in (1, 2)]
    plan = "m.plan(...given.slice(0, 3), () => given[3]).map((one) => [one.comment, one.due_ms])"
    module = "rehearsals/studio_comments.js"
    assert run(module, plan, [bank, 2, 100, 0]) == [[1, 12_000], [2, 51_000]]
    assert run(module, plan, [bank, 2, 100, 0.999]) == [[2, 43_169], [1, 82_169]]
    assert run(module, plan, [bank, 5, 100, 0]) == [[1, 12_000], [2, 51_000]]
    assert run(module, plan, [[], 5, 100, 0]) == []


@pytest.mark.parametrize(
    ("middle", "around", "light"),
    [(120, 120, "good"), (59, 59, "dark"), (206, 206, "bright"), (100, 146, "behind"), (110, 250, "good")],
)
def test_light_is_judged_by_the_middle_of_the_picture(run, middle, around, light):
    """32 × 24 pixels; the middle is the inner half of the width, below the upper quarter."""
    judge = """m.lightOf(Array.from({length: 32 * 24 * 4}, (_, n) => {
      const [x, y] = [Math.floor(n / 4) % 32, Math.floor(n / 4 / 32)];
      return x >= 8 && x < 24 && y >= 6 ? given[0] : given[1];
    }))"""
    assert run(CAMERA, judge, [middle, around]) == light


def test_number_on_a_parcel_is_told_from_a_mobile_number(run):
    scanned = {
        "sf 1234-5678 90": True,
        "YT–1234567890123": True,
        "13812345678": False,
        "SF12345": False,
        "ABCDEFGH1": False,
        "9" * 31: False,
    }
    assert run(
        "shops/orders/scan.js", "given.map((one) => m.looksRight(m.tidy(one)))", list(scanned)
    ) == list(scanned.values())
    assert run("shops/orders/scan.js", "m.tidy(given)", "sf 1234-5678 90") == "SF1234567890"


def test_bytes_that_wait_are_those_the_server_does_not_have(run):
    rows = [{"whole": True, "bytes": 5, "sent": 0}, {"whole": False, "bytes": 10, "sent": 4}]
    state = "[m.isWaiting(given), m.waitingBytes(given)]"
    assert run("rehearsals/studio_store.js", state, rows) == [True, 6]
    assert run("rehearsals/studio_store.js", state, rows[:1]) == [False, 0]
    assert run("rehearsals/studio_store.js", state, [{"whole": False, "bytes": 0, "sent": 0}]) == [False, 0]


def test_id_is_a_uuid_where_the_browser_makes_none(run):
    """On plain http there is no crypto.randomUUID."""
    assert run("outbox/outbox.js", "crypto.randomUUID === undefined") is True
    one, other = run("outbox/outbox.js", "[m.newId(), m.newId()]")
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}", one)
    assert one != other


def test_events_wait_in_the_order_in_which_they_happened(run):
    first, second = "2026-05-01T00:00:00.000Z", "2026-05-02T00:00:00.000Z"
    wait = """await (async () => {
      for (const [user, at, id] of given) await m.add(user, "note", {}, at, id);
      return [(await m.waiting("7")).map((one) => one.id), await m.count("7")];
    })()"""
    events = [(7, second, "b"), (7, first, "c"), (8, first, "x"), (7, second, "a")]
    ids = run("outbox/outbox.js", wait, [list(event) for event in events])
    assert ids == [["c", "a", "b"], 3]


def test_form_is_kept_and_restored_value_by_value(run):
    fields = """<input name="name" value="脐橙"><input name="secret" type="password" value="x">
      <input name="agree" type="checkbox" data-draft-not checked><input name="key" type="hidden" value="1">
      <input name="days" type="checkbox" value="1" checked><input name="days" type="checkbox" value="2">
      <input name="days" type="checkbox" value="3" checked>
      <select name="unit"><option value="jin">斤</option><option value="box" selected>箱</option></select>
      <textarea name="story">甜</textarea>"""
    kept = {"name": ["脐橙"], "days": ["1", "3"], "unit": ["box"], "story": ["甜"]}
    found = run(
        "ui/draft.js",
        """(() => {
          const form = document.createElement("form");
          form.innerHTML = given;
          const kept = m.entries(form);
          form.reset();
          for (const one of form.elements) one.type === "checkbox" ? (one.checked = false) : (one.value = "");
          const empty = m.entries(form);
          m.restore(form, structuredClone(kept));
          return [kept, empty, m.entries(form), form.elements.secret.value, m.keyOf(7, "product")];
        })()""",
        fields,
    )
    assert found[0] == kept
    assert found[1] == {"name": [""], "unit": ["jin"], "story": [""]}
    assert found[2:] == [kept, "", "draft:7:product"]


def test_prompter_turns_characters_into_pixels_and_back(run):
    """Three lines of 40 px with 10, 20 and 10 characters."""
    measured = run(
        "live/on_air/prompter_track.js",
        """(() => {
          const text = document.body.appendChild(document.createElement("div"));
          Object.assign(text.style, { height: "100px", overflow: "auto", position: "relative" });
          const lines = [10, 20, 10].map((n) => {
            const line = text.appendChild(document.createElement("p"));
            Object.assign(line.style, { height: "40px", margin: "0" });
            line.dataset.n = n;
            return line;
          });
          const track = m.default(text, lines);
          track.measure();
          const zero = track.y(0);
          const pixels = [10, 20, 30, 40, 99].map((at) => track.y(at) - zero);
          const read = [0, 10, 20, 35].map((at) => Math.round(track.at(track.y(at) - 1)));
          const rest = [lines.indexOf(track.line(29)), track.before(lines[2]), track.end()];
          text.remove();
          return [pixels, read, rest];
        })()""",
    )
    assert measured == [[40, 60, 80, 120, 120], [0, 10, 20, 35], [1, 30, 40]]


def test_row_is_moved_past_its_neighbour_and_not_out_of_the_list(run):
    moved = run(
        "ui/drag.js",
        """(() => {
          const list = document.createElement("ol");
          list.innerHTML = "<li>1<li>2<li>3";
          const [first, second] = list.children;
          const done = [m.swap(first, true), m.swap(second, true), m.swap(first, false), m.swap(first, false)];
          return [done, list.textContent];
        })()""",
    )
    assert moved == [[False, True, True, False], "231"]


def test_upload_names_its_file_in_base64_and_says_what_the_server_answered(run):
    module = "media/tus_client.js"
    named = run(module, "m.encodeMetadata(given)", {"filename": "橙子.mp4", "ticket": "a:1"})
    assert named == "filename 5qmZ5a2QLm1wNA==,ticket YTox"
    options = "{ token: 't', patience: 5000 }"
    failed = "then(() => null, (error) => [error.status, error.sentence ?? ''])"
    assert run(module, f"m.sendChunk('/uploads/video/1/', new Blob(['x']), 0, {options}).{failed}") == [
        503,
        "",
    ]
    assert run(module, f"m.begin('/uploads/video/', {{ size: 1, metadata: {{}} }}, {options}).{failed}") == [
        503,
        "",
    ]
    assert (
        run(module, "m.findOffset('/uploads/video/1/', { token: 't', patience: 5000, gone: [503] })") is None
    )


def test_page_of_a_portal_is_no_answer_to_an_upload(run):
    module, options = "media/tus_client.js", "{ token: 't', patience: 5000 }"
    portal = "then(() => 'taken for an answer', ({ status }) => status)"
    assert run(module, f"m.begin('/', {{ size: 1, metadata: {{}} }}, {options}).{portal}") == 0
    assert run(module, f"m.findOffset('/', {options}).{portal}") == 0


class HalfAnswer(BaseHTTPRequestHandler):
    """Serves the client of the uploads; of any other answer but the page's it sends the first bytes, and waits."""

    def do_GET(self) -> None:
        is_script = self.path.endswith(".js")
        is_half = not is_script and self.path != "/"
        body = Path(finders.find("media/tus_client.js")).read_bytes() if is_script else b'{"user": 7'
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if is_script else "text/html")
        self.send_header("Content-Length", str(len(body) + is_half))
        self.end_headers()
        self.wfile.write(body)
        if is_half:
            self.rfile.read(1)  # until the browser breaks off

    def log_message(self, *_words: object) -> None:
        pass


@pytest.mark.long
def test_answer_that_stops_half_way_is_no_answer(browser):
    server = ThreadingHTTPServer(("127.0.0.1", 0), HalfAnswer)
    Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    failed = page.evaluate("""async () => {
        const { ask } = await import("/tus_client.js");
        const asked = ask("/half/", {}, 300).then(async (answer) => [answer.status, await answer.json?.()]);
        const late = new Promise((done) => setTimeout(done, 3000, "waits for ever"));
        return Promise.race([asked.catch(({ status }) => status), late]);
    }""")
    page.close()
    server.shutdown()
    server.server_close()
    assert failed == 0


def test_slides_are_turned_one_press_at_a_time_past_those_left_out(run):
    places = run(SLIDES, "m.stops(given)", [False, True, False])
    assert places == ["1", "2", "2.1", "3"]
    turn = "given[1].map(([at, by, out]) => m.step(given[0], at, by, new Set(out)))"
    turns = [
        ["1", 1, []],
        ["2.1", -1, []],
        ["3", 1, []],
        ["1", -1, []],
        ["1", 1, ["2"]],
        ["3", -1, ["2", "1"]],
    ]
    assert run(SLIDES, turn, [places, turns]) == ["2", "2", "3", "1", "3", "3"]


def test_hands_are_numbers_of_people_and_a_clock_ends_at_nought(run):
    typed = ["3", " 12 ", "", "-1", "x", "9999", "1e3"]
    assert run(SLIDES, "given.map(m.count)", typed) == [3, 12, 0, 0, 0, 2000, 0]
    assert run(SLIDES, "given.map(m.clock)", [725, 59.2, 0, -5]) == ["12:05", "1:00", "0:00", "0:00"]
