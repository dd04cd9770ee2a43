"""Log a run of this very process with the stock MLflow client.

eval "$(lazuli env)"
python log_with_mlflow.py
"""

import mlflow

mlflow.set_experiment("samples")
with mlflow.start_run(run_name="A falling loss") as run:
    mlflow.log_param("rate", 0.5)
    for step in range(5):
        mlflow.log_metric("loss", 0.5**step, step=step)
    mlflow.log_text("It went down.\n", "remarks.txt")

logged = mlflow.get_run(run.info.run_id)
print(logged.info.run_name, "ends with a loss of", logged.data.metrics["loss"])
