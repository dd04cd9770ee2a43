#!/usr/bin/env python3
"""Writes trainers.json: small tables, and what scikit-learn 1.5 learns from them.

The Swift tests of LazuliLearning read the file; run this again only to add cases.
"""

import json
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from sklearn import ensemble, linear_model, naive_bayes, neighbors, tree


def table(seed: int, rows: int, dense: int, sparse: int) -> np.ndarray:
    """Columns of normal numbers, then columns that are mostly 0, all exact in single precision."""
    random = np.random.default_rng(seed)
    numbers = np.round(random.normal(size=(rows, dense)), 3)
    flags = (random.uniform(size=(rows, sparse)) < 0.12) * np.round(random.uniform(0.5, 2, size=(rows, sparse)), 2)
    return np.hstack([numbers, flags]).astype(np.float32).astype(float)


def classes_of(seed: int, features: np.ndarray, classes: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    pull = random.normal(size=(features.shape[1], classes))
    noise = random.gumbel(size=(len(features), classes))
    return (features @ pull + noise).argmax(axis=1)


def values_of(seed: int, features: np.ndarray) -> np.ndarray:
    random = np.random.default_rng(seed)
    pull = random.normal(size=features.shape[1]) * (random.uniform(size=features.shape[1]) < 0.7)
    return np.round(5 + features @ pull + random.normal(size=len(features)), 3)


def case(name: str, features: np.ndarray, targets: np.ndarray, weights, parameters: dict, answers: dict) -> dict:
    return {
        "name": name,
        "rows": len(features),
        "columns": features.shape[1],
        "features": [float(str(np.float32(value))) for value in features.T.ravel()],
        "targets": targets.tolist(),
        "weights": None if weights is None else weights.tolist(),
        "parameters": parameters,
        "answers": {key: np.asarray(value).ravel().tolist() for key, value in answers.items()},
    }


def some_weights(rows: int) -> np.ndarray:
    return 0.5 + np.arange(rows) % 4 / 2


def logistic() -> list[dict]:
    cases = []
    for classes, c, weighted in ((2, 1.0, False), (2, 0.1, True), (4, 1.0, False), (4, 10.0, True)):
        features = table(classes, 90, 4, 3)
        targets = classes_of(classes, features, classes)
        weights = some_weights(90) if weighted else None
        model = linear_model.LogisticRegression(C=c, tol=1e-10, max_iter=20_000).fit(features, targets, weights)
        answers = {"weights": model.coef_, "probabilities": model.predict_proba(features)}
        parameters = {"classes": classes, "c": c}
        cases.append(case(f"{classes} classes, C={c}", features, targets, weights, parameters, answers))
    return cases


def squared_hinge() -> list[dict]:
    features = table(7, 80, 3, 2)
    targets = classes_of(7, features, 2)
    signs = 2 * targets - 1

    def objective(parameters: np.ndarray) -> float:
        lacking = np.maximum(0, 1 - signs * (features @ parameters[:-1] + parameters[-1]))
        return parameters[:-1] @ parameters[:-1] / 2 + 0.5 * (lacking**2).sum()

    found = minimize(objective, np.zeros(6), method="BFGS", options={"gtol": 1e-9}).x
    return [case("C=0.5", features, targets, None, {"classes": 2, "c": 0.5}, {"weights": found})]


def penalised() -> list[dict]:
    cases = []
    for alpha, ratio, weighted in ((0.1, 0.5, False), (0.05, 0.9, True), (0.3, 0.0, False), (0.02, 1.0, True)):
        features = table(11, 100, 5, 3)
        targets = values_of(11, features)
        weights = some_weights(100) if weighted else None
        model = linear_model.ElasticNet(alpha=alpha, l1_ratio=ratio, tol=1e-12, max_iter=100_000)
        model.fit(features, targets, sample_weight=weights)
        answers = {"weights": model.coef_, "intercept": [model.intercept_]}
        parameters = {"alpha": alpha, "l1Ratio": ratio}
        cases.append(case(f"alpha={alpha}, ratio={ratio}", features, targets, weights, parameters, answers))
    return cases


def lasso_lars() -> list[dict]:
    features = table(12, 100, 6, 0)
    targets = values_of(12, features)
    model = linear_model.LassoLars(alpha=0.1).fit(features, targets)
    answers = {"weights": model.coef_, "intercept": [model.intercept_]}
    return [case("alpha=0.1", features, targets, None, {"alpha": 0.1}, answers)]


def least_squares() -> list[dict]:
    cases = []
    features = table(13, 60, 5, 2)
    targets = values_of(13, features)
    for weights in (None, some_weights(60)):
        model = linear_model.LinearRegression().fit(features, targets, weights)
        answers = {"weights": model.coef_, "intercept": [model.intercept_]}
        name = "plain" if weights is None else "weights"
        cases.append(case(name, features, targets, weights, {"alpha": 0}, answers))
    model = linear_model.Ridge(alpha=0.2 * 60).fit(features, targets)
    answers = {"weights": model.coef_, "intercept": [model.intercept_]}
    cases.append(case("penalty", features, targets, None, {"alpha": 0.2}, answers))
    return cases


def bayes() -> list[dict]:
    cases = []
    kinds = {
        "Bernoulli": (naive_bayes.BernoulliNB(alpha=0.7), {"alpha": 0.7}),
        "Multinomial": (naive_bayes.MultinomialNB(alpha=0.7), {"alpha": 0.7}),
        "Gaussian": (naive_bayes.GaussianNB(), {"smoothing": 1e-9}),
    }
    for name, (model, parameters) in kinds.items():
        for classes, weighted in ((2, True), (3, False)):
            features = table(17, 60, 3, 3)
            targets = classes_of(17, features, classes)
            features = np.abs(features) if name == "Multinomial" else features
            weights = some_weights(60) if weighted else None
            model.fit(features, targets, weights)
            answers = {"probabilities": model.predict_proba(features)}
            cases.append(case(name, features, targets, weights, {"classes": classes, **parameters}, answers))
    return cases


def neighbours() -> list[dict]:
    cases = []
    features = np.round(np.random.default_rng(19).normal(size=(70, 5)), 3).astype(np.float32).astype(float)
    asked = features + 0.01
    for weighting in ("uniform", "distance"):
        for classes in (None, 3):
            targets = values_of(19, features) if classes is None else classes_of(19, features, classes)
            kind = neighbors.KNeighborsRegressor if classes is None else neighbors.KNeighborsClassifier
            model = kind(n_neighbors=4, weights=weighting, algorithm="brute").fit(features, targets)
            asked = asked.astype(np.float32).astype(float)
            answers = model.predict(asked) if classes is None else model.predict_proba(asked)
            parameters = {"classes": classes, "neighbours": 4, "byDistance": weighting == "distance"}
            answers = {"predictions": answers, "asked": asked.T}
            cases.append(case(f"{weighting}, {classes} classes", features, targets, None, parameters, answers))
    return cases


def trees() -> list[dict]:
    """Single trees over few rows, each value in a bin of its own, with odd weights, so that none is a tie."""
    cases = []
    weights = np.round(np.random.default_rng(24).uniform(0.5, 2, size=120), 4)
    for classes, criterion in ((2, "gini"), (2, "entropy"), (4, "gini"), (4, "entropy"), (None, "squared_error")):
        features = table(24, 120, 4, 0)
        targets = values_of(24, features) if classes is None else classes_of(24, features, classes)
        kind = tree.DecisionTreeRegressor if classes is None else tree.DecisionTreeClassifier
        model = kind(criterion=criterion, max_depth=3, min_samples_leaf=6, random_state=0)
        model.fit(features, targets, weights)
        answers = model.predict(features) if classes is None else model.predict_proba(features)
        parameters = {"classes": classes, "criterion": criterion, "maxDepth": 3, "minSamplesLeaf": 6}
        name = f"{classes} classes, {criterion}"
        cases.append(case(name, features, targets, weights, parameters, {"predictions": answers}))
    return cases


def forests() -> list[dict]:
    """A table to learn from, one to be asked about, and how well scikit-learn's forests do."""
    cases = []
    random = np.random.default_rng(29)
    features = np.round(random.normal(size=(500, 6)), 2).astype(np.float32).astype(float)
    level = features[:, 0] * features[:, 1] + np.sin(2 * features[:, 2]) + 0.3 * random.normal(size=500)
    for classes in (2, 3, None):
        targets = np.round(level, 3) if classes is None else np.digitize(level, [0] if classes == 2 else [-0.5, 0.5])
        answers = {}
        for name in ("RandomForest", "ExtraTrees"):
            kind = getattr(ensemble, name + ("Regressor" if classes is None else "Classifier"))
            model = kind(n_estimators=100, random_state=0).fit(features[:300], targets[:300])
            answers[name] = [model.score(features[300:], targets[300:])]
        cases.append(case(f"{classes} classes", features, targets, None, {"classes": classes, "trained": 300}, answers))
    return cases


def main() -> None:
    document = {
        "logistic": logistic(), "squaredHinge": squared_hinge(), "elasticNet": penalised(), "lassoLars": lasso_lars(),
        "leastSquares": least_squares(), "bayes": bayes(), "neighbours": neighbours(), "trees": trees(),
        "forests": forests(),
    }  # fmt: skip
    Path(__file__).with_suffix(".json").write_text(json.dumps(document) + "\n")


if __name__ == "__main__":
    main()
