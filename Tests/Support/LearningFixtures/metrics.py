#!/usr/bin/env python3
"""Writes metrics.json: random predictions, and what scikit-learn 1.5 says of them.

The Swift tests of LazuliLearning read the file; run this again only to add cases.
"""

import json
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr
from sklearn import metrics as sk

AVERAGES = ("macro", "micro", "weighted")


def one_hot(truth: np.ndarray, classes: int) -> np.ndarray:
    return np.eye(classes)[truth]


def areas(score, truth: np.ndarray, given: np.ndarray, weights: np.ndarray, usable: list[int]) -> dict:
    """macro, micro and weighted means of a one-against-rest area over the classes that occur."""
    truths = one_hot(truth, given.shape[1])
    each = np.array([score(truths[:, one], given[:, one], sample_weight=weights) for one in usable])
    counts = np.array([(weights * truths[:, one]).sum() for one in usable])
    return {
        "macro": each.mean(),
        "micro": score(truths.ravel(), given.ravel(), sample_weight=np.repeat(weights, given.shape[1])),
        "weighted": (each * counts).sum() / counts.sum(),
    }


def classification_values(truth: np.ndarray, given: np.ndarray, weights: np.ndarray, positive: int) -> dict:
    classes = given.shape[1]
    predicted = given.argmax(axis=1)
    present = sorted(set(truth))
    values = {
        "accuracy": sk.accuracy_score(truth, predicted, sample_weight=weights),
        "balanced_accuracy": np.average(
            sk.recall_score(truth, predicted, average=None, labels=present, sample_weight=weights, zero_division=0)
        ),
        "log_loss": sk.log_loss(truth, given, labels=range(classes), sample_weight=weights),
        "matthews_correlation": sk.matthews_corrcoef(truth, predicted, sample_weight=weights),
    }
    if len(present) > 1:
        chance = 1 / len(present)
        values["norm_macro_recall"] = max(0, (values["balanced_accuracy"] - chance) / (1 - chance))
    of_class = np.array([weights[truth == one].sum() for one in range(classes)])
    values["weighted_accuracy"] = sk.accuracy_score(truth, predicted, sample_weight=weights * of_class[truth])
    for name, score in (("precision", sk.precision_score), ("recall", sk.recall_score), ("f1", sk.f1_score)):
        for average in AVERAGES:
            values[f"{name}_score_{average}"] = score(
                truth, predicted, average=average, sample_weight=weights, zero_division=0
            )
        values[f"{name}_score_binary"] = score(
            truth == positive, predicted == positive, sample_weight=weights, zero_division=0
        )
    for average, value in areas(sk.average_precision_score, truth, given, weights, present).items():
        values[f"average_precision_score_{average}"] = value
    if positive in present:
        values["average_precision_score_binary"] = sk.average_precision_score(
            truth == positive, given[:, positive], sample_weight=weights
        )
    if len(present) > 1:
        for average, value in areas(sk.roc_auc_score, truth, given, weights, present).items():
            values[f"AUC_{average}"] = value
        if positive in present:
            values["AUC_binary"] = sk.roc_auc_score(truth == positive, given[:, positive], sample_weight=weights)
    else:
        values["AUC_micro"] = sk.roc_auc_score(
            one_hot(truth, classes).ravel(), given.ravel(), sample_weight=np.repeat(weights, classes)
        )
    return values


def classification_case(name: str, truth, given, weights=None, positive: int = 1) -> dict:
    truth, given = np.asarray(truth), np.asarray(given, dtype=float)
    counted = np.ones(len(truth)) if weights is None else np.asarray(weights)
    return {
        "name": name,
        "classes": given.shape[1],
        "truth": truth.tolist(),
        "predictions": given.ravel().tolist(),
        "weights": None if weights is None else counted.tolist(),
        "positive": positive,
        "values": {key: float(value) for key, value in classification_values(truth, given, counted, positive).items()},
    }


def probabilities(random: np.random.Generator, truth: np.ndarray, classes: int, digits: int | None) -> np.ndarray:
    raw = random.gamma(1.0, size=(len(truth), classes)) + one_hot(truth, classes) * random.gamma(
        1, size=(len(truth), 1)
    )
    given = raw / raw.sum(axis=1, keepdims=True)
    if digits is None:
        return given
    given = np.round(given, digits)
    given[:, -1] = 1 - given[:, :-1].sum(axis=1)
    return np.round(np.maximum(given, 0), digits)


def classification() -> list[dict]:
    random = np.random.default_rng(5)
    cases = []
    for classes, rows, digits, weighted in (
        (2, 80, None, False), (2, 80, 1, False), (2, 60, 1, True), (3, 60, None, False),
        (3, 60, 1, True), (7, 90, None, True), (7, 90, 1, False), (20, 120, 2, False), (2, 600, 2, True),
    ):  # fmt: skip
        truth = np.concatenate([np.arange(classes), random.integers(0, classes, rows - classes)])
        weights = random.integers(1, 9, rows) / 4 if weighted else None
        name = f"{classes} classes, {rows} rows, {digits or 'all'} digits{', weights' if weighted else ''}"
        cases.append(classification_case(name, truth, probabilities(random, truth, classes, digits), weights))
    truth = random.choice([0, 2, 3], 50)
    cases.append(
        classification_case("a class absent from the truth", truth, probabilities(random, truth, 4, None), None, 2)
    )
    truth = random.integers(0, 2, 40)
    cases.append(classification_case("the same probabilities for all", truth, np.tile([0.7, 0.3], (40, 1))))
    cases.append(classification_case("a perfect classifier", truth, one_hot(truth, 2)))
    cases.append(classification_case("always wrong and certain", truth, one_hot(1 - truth, 2)))
    cases.append(
        classification_case(
            "one class only", np.ones(12, dtype=int), probabilities(random, np.ones(12, dtype=int), 2, 1)
        )
    )
    cases.append(classification_case("two rows", [0, 1], [[0.6, 0.4], [0.3, 0.7]]))
    near = 0.5 + np.arange(40)[:, None] * 1e-12 * np.array([[1, -1]])
    cases.append(
        classification_case("scores apart by less than single precision tells", random.integers(0, 2, 40), near)
    )
    return cases


def regression_values(truth: np.ndarray, given: np.ndarray, weights: np.ndarray | None, span: tuple) -> dict:
    counted = {"sample_weight": weights}
    nonzero = truth != 0
    values = {
        "explained_variance": sk.explained_variance_score(truth, given, **counted),
        "mean_absolute_error": sk.mean_absolute_error(truth, given, **counted),
        "median_absolute_error": sk.median_absolute_error(truth, given, **counted),
        "root_mean_squared_error": sk.root_mean_squared_error(truth, given, **counted),
    }
    if len(truth) > 1:
        values["r2_score"] = max(-1, sk.r2_score(truth, given, **counted))
    if nonzero.any():
        values["mean_absolute_percentage_error"] = 100 * sk.mean_absolute_percentage_error(
            truth[nonzero], given[nonzero], sample_weight=None if weights is None else weights[nonzero]
        )
    if span[1] > span[0]:
        for name in ("mean_absolute_error", "median_absolute_error", "root_mean_squared_error"):
            values[f"normalized_{name}"] = values[name] / (span[1] - span[0])
    if truth.min() >= 0 and given.min() >= 0:
        values["root_mean_squared_log_error"] = sk.root_mean_squared_log_error(truth, given, **counted)
        if span[1] > span[0] > -1:
            scale = np.log1p(span[1]) - np.log1p(span[0])
            values["normalized_root_mean_squared_log_error"] = values["root_mean_squared_log_error"] / scale
    if len(set(truth)) > 1 and len(set(given)) > 1:
        values["spearman_correlation"] = spearmanr(truth, given)[0]
    return values


def regression_case(name: str, truth, given, weights=None, span=None) -> dict:
    truth, given = np.asarray(truth, dtype=float), np.asarray(given, dtype=float)
    weights = None if weights is None else np.asarray(weights, dtype=float)
    values = regression_values(truth, given, weights, span or (truth.min(), truth.max()))
    return {
        "name": name,
        "truth": truth.tolist(),
        "predictions": given.tolist(),
        "weights": None if weights is None else weights.tolist(),
        "range": span,
        "values": {key: float(value) for key, value in values.items()},
    }


def regression() -> list[dict]:
    random = np.random.default_rng(6)
    truth = random.gamma(2, 30, 70)
    given = truth * random.uniform(0.5, 1.5, 70)
    weights = random.integers(1, 9, 70) / 4
    signed = random.normal(0, 4, 61)
    whole = np.round(truth / 20)
    return [
        regression_case("positive values", truth, given),
        regression_case("positive values, weights", truth, given, weights),
        regression_case("a wider range", truth, given, None, (-3.0, 500.0)),
        regression_case("a wider range above zero", truth, given, None, (0.5, 500.0)),
        regression_case("values of both signs", signed, signed + random.normal(0, 1, 61)),
        regression_case("ties and zeros", whole, np.round(given / 20), weights),
        regression_case("worse than the mean", signed, -3 * signed),
        regression_case("one prediction for all", signed, np.full(61, 2.0)),
        regression_case("one value for all", np.full(20, 3.0), random.normal(3, 1, 20)),
        regression_case("perfect", signed, signed),
        regression_case("huge values", truth * 1e30, given * 1e30, weights),
        regression_case("a single row", [4.0], [5.0]),
        regression_case("values apart by less than single precision tells", 1e9 + signed, 1e9 + np.sort(signed)),
        regression_case("many rows", np.arange(500) % 97, np.arange(500) % 89 / 8),
    ]


def main() -> None:
    document = {"classification": classification(), "regression": regression()}
    Path(__file__).with_suffix(".json").write_text(json.dumps(document) + "\n")


if __name__ == "__main__":
    main()
