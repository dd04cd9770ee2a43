"""AutoGluon with its default preset, as its documentation shows it: the raw table, a metric and a time limit."""

import pandas
from autogluon.tabular import TabularPredictor, __version__
from runner import REGRESSION, run, timed


def fit(asked):
    metric = "root_mean_squared_error" if asked.task == REGRESSION else "log_loss"
    predictor = TabularPredictor(
        label=asked.target, problem_type=asked.task, eval_metric=metric, path=str(asked.output / "model"), verbosity=2
    )
    rows = pandas.read_csv(asked.table)
    seconds = timed(lambda: predictor.fit(rows, time_limit=asked.seconds))
    return {"fit": seconds, "version": __version__, "chosen": predictor.model_best}


def predict(asked):
    predictor = TabularPredictor.load(str(asked.output / "model"), verbosity=0)
    rows = pandas.read_csv(asked.table)
    if predictor.problem_type == REGRESSION:
        return predictor.predict(rows), ()
    probabilities = predictor.predict_proba(rows)
    return probabilities, probabilities.columns


run(fit, predict)
