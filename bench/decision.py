"""Learn how the sums of a passage decide whether it breaks a rule: `python -m bench.decision`, about fifteen minutes.

It prints the numbers of `wording.evidence.breaks`, of which the rounded ones stand there. The weights are learned six times, each
time without a sixth of the authors; a logistic regression over what they then say of these authors' lines gives the numbers.
Weights say too much of the lines from which they were learned, and patterns were made with some of these lines before them:
what decides for the lines of somebody new cannot be seen from them. Needs what `bench.evidence` needs.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.evidence import LEARNING, Sample, learn, list_samples, split_labelled, write
from bench.scenarios.wording import lines
from wording import evidence
from wording.evidence import ANY, SIGN, weigh
from wording.tables import reader

FOLDS = 6
NO_QUESTION = -5.0  # where the sum of a rule is lower it is not broken, whatever else is known
NUMBERS = ("OF_RULE", "OF_ANY", "OF_LOWER", "OF_RIVAL", "OF_HIT")
Row = tuple[float, float, float, float, bool]


def describe(sample: Sample) -> Iterator[tuple[Row, bool]]:
    """Yield of each rule that may be broken what `breaks` asks, in the order of `NUMBERS`, and whether it is."""
    sums = weigh({*sample.features}, {*sample.signs})
    of_any = sums[ANY]
    for name in evidence.read_weights().places:
        of_rule = sums[name]
        if name != ANY and of_rule > NO_QUESTION and sample.is_known(name):
            row = (of_rule, of_any, min(of_rule, of_any), of_rule - sums.highest)
            yield (*row, f"{SIGN}stands {name}" in sample.signs), name in sample.rules


def use_tables(folder: Path) -> None:
    reader.HERE = folder
    for kept in (reader.read_evidence, evidence.read_weights, evidence.add_up_signs):
        kept.cache_clear()


def list_rows(held: list[Path], folder: Path) -> Iterator[tuple[Row, bool]]:
    """Yield the rows of the held files by weights that were learned without them."""
    bases, features = learn([one for one in list_samples(without=held) if one.features])
    write(bases, features, folder)
    use_tables(folder)
    for line in lines(*held):
        for sample in split_labelled(line):
            if sample.features:
                yield from describe(sample)


def main() -> None:
    from sklearn.linear_model import LogisticRegression

    authors, tables = sorted(LEARNING.glob("author-*.jsonl")), reader.HERE
    rows: list[tuple[Row, bool]] = []
    for fold in range(FOLDS):
        with TemporaryDirectory() as folder:
            shutil.copytree(tables, folder, dirs_exist_ok=True)
            rows += list_rows(authors[fold::FOLDS], Path(folder))
        use_tables(tables)
        print(f"{fold + 1} of {FOLDS}: {len(rows)} rules of passages", flush=True)
    model = LogisticRegression(solver="liblinear").fit(*zip(*rows, strict=True))
    print(f"BASE {model.intercept_[0]:.2f}")
    for name, number in zip(NUMBERS, model.coef_[0], strict=True):
        print(f"{name} {number:.2f}")


if __name__ == "__main__":
    main()
