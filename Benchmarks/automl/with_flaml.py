"""FLAML as its documentation shows it: the raw columns, a metric and a time budget."""

import pickle

import pandas
from flaml import AutoML, __version__
from runner import REGRESSION, run, timed


def fit(asked):
    rows = pandas.read_csv(asked.table)
    target = rows.pop(asked.target)
    regression = asked.task == REGRESSION
    automl = AutoML()
    options = {
        "task": "regression" if regression else "classification",
        "metric": "rmse" if regression else "log_loss",
        "time_budget": asked.seconds,
        "seed": asked.seed,
        "log_file_name": "",
        "verbose": 1,
    }
    seconds = timed(lambda: automl.fit(X_train=rows, y_train=target, **options))
    with (asked.output / "model").open("wb") as file:
        pickle.dump((automl, regression), file, pickle.HIGHEST_PROTOCOL)
    return {"fit": seconds, "version": __version__, "chosen": automl.best_estimator}


def predict(asked):
    automl, regression = pickle.loads((asked.output / "model").read_bytes())
    rows = pandas.read_csv(asked.table)
    return (automl.predict(rows), ()) if regression else (automl.predict_proba(rows), automl.classes_)


run(fit, predict)
