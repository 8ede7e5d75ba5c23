"""Make the weights of `wording.evidence` anew: `python -m bench.evidence`, after the rules or their labelled lines have grown.

It reads the lines written to learn from (tests/wording/learning), half 0 of the labelled corpus, the examples of the tests, the
written lessons, and the examples and words of the rule files, never half 1.
Needs scikit-learn 1.9.1 (BSD-3-Clause), which nothing else needs:
`.venv/bin/uv pip install --python .venv/bin/python scikit-learn==1.9.1`.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.scenarios.wording import get_half, lines
from wording.checker import find_hits, fold, is_allowed, remove_lawful
from wording.evidence import (
    ANY,
    LEAST,
    SCALE,
    SIGN,
    WeighedText,
    complete_features,
    digest,
    is_chinese,
    split_passages,
)
from wording.exemptions import Surroundings
from wording.facts import Facts
from wording.rulebook.fields import KINDS
from wording.rulebook.loader import load_rules
from wording.tables import reader
from wording.tables.reader import CONCEPT

LEARNING = Path(__file__).resolve().parents[1] / "tests" / "wording" / "learning"
EXAMPLES = Path(__file__).resolve().parents[1] / "tests" / "wording" / "examples.tsv"
PROGRAMME = Path(__file__).resolve().parents[1] / "courses" / "programme"
OF_OTHERS = {"forbidden", "comment"}  # of a crop pack: not what its seller says
QUOTING = re.compile('[\u201c\u201d\u300c"]|\u4e0d\u884c|wrong', re.IGNORECASE)
UNWEIGHED = ("B1", "C1", "F1")  # what the listing says, a hint, a gap: no way of speaking
# How much counts beside a labelled line: what the tests ask to pass or to come out exactly, an example, a plain listing, a
# word, a line of a lesson.
OF_TEST, OF_EXAMPLE, OF_LISTING, OF_WORD, OF_LESSON = 1.5, 0.7, 0.5, 0.3, 0.7
OF_REVIEWED = 2.0  # how much a line of the corpus counts, whose label was read several times, beside another
STRICTNESS = 20  # how freely the weights may follow single lines
OF_SIGN = 0.5  # how much a sign counts beside all characters of a passage together
SMOOTHING = 0.3  # lines in which each feature is taken to have stood, beside those in which it stood
OF_OFFENCE = 4  # how much a line that breaks a rule counts beside one that does not
IN_SAMPLES, IN_SAMPLES_OF_THREE = 2, 5  # a feature is in at least so many, and three characters in a row
SMALLEST, SMALLEST_OF_SIGN = 0.35, 0.05  # smaller weights are left out


@dataclass(frozen=True)
class Sample:
    features: Collection[str]
    signs: Collection[str]
    rules: frozenset[str]  # that the passage breaks
    perhaps: frozenset[str]  # that may be read into it: it teaches nothing of them
    weight: float

    def is_known(self, name: str) -> bool:
        """Return whether it teaches anything of the rule; of any rule nothing, where only one is broken that is not weighed."""
        if name == ANY:
            return not self.rules or not self.rules <= {*UNWEIGHED}
        return name not in self.perhaps


def list_samples(*more: Path, without: Collection[Path] = ()) -> Iterator[Sample]:
    """Yield what the weights are learned from, and the lines of the files `more`; not those of the files `without`."""
    learning = [path for path in sorted(LEARNING.glob("*.jsonl")) if path not in without]
    of_half = [one for one in lines() if get_half(one) == 0 and is_chinese(one["text"])]
    labelled = [(one, OF_REVIEWED) for one in of_half]
    labelled += [(one, 1.0) for one in lines(*learning, *more)]
    for line, weight in labelled:
        yield from split_labelled(line, weight)
    for row in EXAMPLES.read_text(encoding="utf-8").splitlines():
        if row and row[0] != "#":
            rules, kind, text, *told = row.split("\t")
            if not is_chinese(text):
                continue
            facts = Facts.of(json.loads(told[0])) if told and told[0] else None
            yield from split_line(
                Text(text.replace("\\n", "\n"), kind, facts),
                [] if rules == "-" else rules.split(","),
                OF_TEST,
            )
    yield from list_plain_listings()
    yield from list_lessons()
    yield from list_plans()
    for rule in load_rules().rules:
        for entry in rule.entries:
            kind = next((one for one in KINDS if entry.severity[one] != "off"), None)
            if kind is None:
                continue
            if entry.rewrite:
                yield from split_line(Text(entry.rewrite["zh"], kind), [], OF_EXAMPLE)
            for text in filter(is_chinese, entry.hits):
                yield from split_line(Text(text, kind), [rule.id], OF_TEST)
            for text in filter(is_chinese, entry.passes):
                yield from split_line(Text(text, kind), [], OF_TEST)
            for word in entry.words:
                yield from split_line(Text(word, kind), [rule.id], OF_WORD)


@dataclass(frozen=True)
class Text:
    written: str
    kind: str = "script"
    facts: Facts | None = None

    def read(self) -> WeighedText:
        plain = fold(self.written).plain
        around = Surroundings(plain, self.kind, load_rules().contexts)
        hits = find_hits(plain, self.kind)
        met = [hit for hit in hits if not is_allowed(hit, self.facts, plain)]
        return WeighedText(plain, self.kind, met, remove_lawful(hits, around, self.facts))


def split_labelled(line: dict, weight: float = 1) -> Iterator[Sample]:
    """Yield the passages of a line of the files."""
    facts = Facts.of(line["facts"]) if line.get("facts") else None
    yield from split_line(
        Text(line["text"], line["kind"], facts),
        line["expect"],
        weight,
        spans=line.get("spans", []),
        perhaps=line.get("may", ()),
    )


def split_line(
    text: Text,
    rules: Collection[str],
    weight: float = 1,
    spans: Sequence[Sequence[str]] = (),
    perhaps: Collection[str] = (),
) -> Iterator[Sample]:
    """Yield the passages of a line, each with the rules of which an offending span begins in it."""
    read = text.read()
    passages = list(split_passages(read.plain))
    for (start, end, features), signs in zip(passages, read.list_signs(passages), strict=True):
        passage = read.plain[start:end]
        broken = (
            {rule for rule, words in spans if fold(words).plain[:12] in passage}
            if spans and len(passages) > 1
            else set(rules)
        )
        yield Sample(
            complete_features(passage, features),
            signs,
            frozenset(broken),
            frozenset(perhaps) - broken,
            weight,
        )


def list_lessons() -> Iterator[Sample]:
    """Yield the lines of the written lessons that quote nobody and show nothing wrong: plain talk about the same things."""
    for page in sorted(PROGRAMME.rglob("*.md")):
        for line in page.read_text(encoding="utf-8").splitlines():
            if len(line) >= LEAST and not QUOTING.search(line):
                yield from split_line(Text(line, "course_page"), [], OF_LESSON)


def list_plans() -> Iterator[Sample]:
    """Yield what the lesson plans, the pages for trainers and the crop packs say, but for what they quote: it breaks no rule."""
    pages = [
        *PROGRAMME.rglob("*.plan.toml"),
        *PROGRAMME.glob("*/trainer/*.toml"),
        *PROGRAMME.glob("*/crops/*.toml"),
    ]
    for page in sorted(pages):
        read_page = tomllib.loads(page.read_text(encoding="utf-8"))
        for text in list_strings({name: read_page[name] for name in read_page.keys() - OF_OTHERS}):
            if len(text) >= LEAST and is_chinese(text) and not QUOTING.search(text):
                yield from split_line(Text(text, "course_page"), [], OF_EXAMPLE)


def list_strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from value.splitlines()
    elif isinstance(value, dict):
        for each in value.values():
            yield from list_strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from list_strings(each)


def list_plain_listings() -> Iterator[Sample]:
    """Yield what a listing says of nearly all goods: a name, a place, a weight. None of it is an offence."""
    goods = load_rules().goods
    places = list(goods["origin"]["places"])
    for number, name in enumerate(goods["variety"]["known"]):
        place, other = places[number % len(places)], places[-number % len(places)]
        for text in (
            f"{place}{name}",
            f"{other}甜{name}，{number % 9 + 1}斤一箱",
            f"{name}\n{other}县青溪镇石榴冲村",
            f"{name}，湖南省{place}县{other}镇{name[0]}树坳村",
            f"很甜的{name}，自家园里摘的",
        ):
            yield from split_line(Text(text, "listing"), [], OF_LISTING)


def leave_figures_out(features: Collection[str]) -> list[str]:
    return [feature for feature in features if not any(char.isdigit() for char in feature)]


def choose_features(samples: list[Sample]) -> list[str]:
    """Return those that stand in enough samples to teach anything."""
    often = Counter(feature for sample in samples for feature in leave_figures_out(sample.features))
    return sorted(
        feature
        for feature, times in often.items()
        if times >= (IN_SAMPLES_OF_THREE if len(feature) == 3 and feature[0] != CONCEPT else IN_SAMPLES)
    )


def learn(samples: list[Sample]) -> tuple[dict[str, int], dict[str, str]]:
    """Return the bases in hundredths, and the features with their weights as `read_evidence` reads them.

    A logistic regression on what naive Bayes says of each character and pair: Wang and Manning, "Baselines and Bigrams",
    2012; the signs stand beside it unchanged.
    """
    import numpy as np
    from scipy.sparse import diags, hstack
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    count = TfidfVectorizer(
        analyzer=leave_figures_out, lowercase=False, vocabulary=choose_features(samples), binary=True
    )
    matrix = count.fit_transform([sample.features for sample in samples])
    count_signs = CountVectorizer(analyzer=sorted, lowercase=False, min_df=IN_SAMPLES, binary=True)
    signs = count_signs.fit_transform([sample.signs for sample in samples]) * OF_SIGN
    weight = np.array([sample.weight for sample in samples])
    names = [*(rule.id for rule in load_rules().rules if rule.id not in UNWEIGHED), ANY]
    bases, of_features, of_signs = {}, [], []
    for name in names:
        broken = np.array(
            [name in sample.rules or (name == ANY and bool(sample.rules)) for sample in samples]
        )
        known = np.array([sample.is_known(name) for sample in samples])
        there, elsewhere = (
            np.asarray(matrix[some].sum(axis=0)).ravel() + SMOOTHING for some in (broken, ~broken)
        )
        telling = np.abs(np.log(there / there.sum()) - np.log(elsewhere / elsewhere.sum()))
        model = LogisticRegression(
            C=STRICTNESS,
            solver="liblinear",
            max_iter=300,
            class_weight={0: 1, 1: 1 if name == ANY else OF_OFFENCE},
        )
        model.fit(
            hstack([matrix @ diags(telling), signs]).tocsr()[known],
            broken[known],
            sample_weight=weight[known],
        )
        bases[name] = round(float(model.intercept_[0]) * SCALE)
        of_features.append(model.coef_[0][: len(telling)] * telling)
        of_signs.append(model.coef_[0][len(telling) :] * OF_SIGN)
    rows = [
        *zip(count.get_feature_names_out(), count.idf_, np.array(of_features).T, strict=True),
        *(
            (sign, 1.0, weights)
            for sign, weights in zip(count_signs.get_feature_names_out(), np.array(of_signs).T, strict=True)
        ),
    ]
    return bases, {
        feature: write_weights(rarity, weights, SMALLEST_OF_SIGN if feature[:1] == SIGN else SMALLEST)
        for feature, rarity, weights in rows
        if feature.isprintable() and (" " not in feature or feature[:1] == SIGN)
    }


def write_weights(rarity: float, weights: Collection[float], smallest: float) -> str:
    return chr(reader.FIRST + min(round(float(rarity) * reader.STEPS), reader.LAST - reader.FIRST)) + "".join(
        spell(place, float(weight))
        for place, weight in zip(reader.PLACES, weights, strict=False)
        if abs(weight) >= smallest
    )


def spell(place: str, weight: float) -> str:
    """Return a weight in tenths as one character beside the rule's, or as several where one cannot say it."""
    left, written = round(weight * reader.STEPS), ""
    most = reader.LAST - reader.MIDDLE
    while left:
        part = max(-most, min(most, left))
        written += place + chr(reader.MIDDLE + part)
        left -= part
    return written


def write(bases: dict[str, int], features: dict[str, str], folder: Path) -> None:
    known = sorted({digest(entry) for rule in load_rules().rules for entry in rule.entries})
    rows = [
        " ".join(f"{name}={value}" for name, value in bases.items()),
        " ".join(known),
        *(f"{feature}\t{written}" for feature, written in sorted(features.items())),
    ]
    (folder / "evidence.txt").write_text("\n".join(rows) + "\n", encoding="utf-8")


def main() -> None:
    samples = [one for one in list_samples(*map(Path, sys.argv[1:])) if one.features]
    bases, features = learn(samples)
    write(bases, features, reader.HERE)
    print(f"{len(samples)} passages, {len(features)} features")


if __name__ == "__main__":
    main()
