"""MLflow models of any flavour, through `mlflow.pyfunc`."""

from __future__ import annotations

import inspect
import json
from types import TracebackType
from typing import Any, Callable

from lazuli_worker.answers import SUCCESS, RefusedError, UnencodableError
from lazuli_worker.failure import StartError, ending
from lazuli_worker.frames import Reply
from lazuli_worker.httphead import HTTPHead, is_post
from lazuli_worker.mlflow_answers import as_json
from lazuli_worker.mlflow_payload import Payload, PayloadError, read_csv, read_json
from lazuli_worker.mlflow_signature import Signature
from lazuli_worker.plan import Plan
from lazuli_worker.scorer import Scorer

ENFORCING = {"_validate_prediction_input", "_enforce_schema", "_enforce_params_schema", "_validate_params"}


def load_model(plan: Plan) -> Scorer:
    """Loads the model. Raises StartError, with the traceback of the flavour's own code as its cause."""
    try:
        import mlflow.pyfunc
    except ImportError as error:
        raise StartError(
            "The environment has no MLflow, which this model needs. Name mlflow (or mlflow-skinny and pandas) in the "
            "model's requirements, or deploy it with an environment that has it."
        ) from error
    try:
        model = mlflow.pyfunc.load_model(plan.model_path)
    except Exception as error:
        raise StartError(f"The MLflow model {plan.model_path} could not be loaded:") from error
    except BaseException as error:
        raise StartError(f"The MLflow model {plan.model_path} {ending(error)} while it was loaded:") from error
    served = ServedModel(model, plan.model_path)
    return Scorer(served.invoke, served.signature.describe, encode=encoded)


class ServedModel:
    """A loaded model, and how its input is to look."""

    def __init__(self, model: Any, path: str) -> None:
        self.predict: Callable[..., Any] = model.predict
        self.takes_params = "params" in inspect.signature(model.predict).parameters
        self.signature = Signature(model, path)

    def invoke(self, head: memoryview, body: memoryview) -> Any:
        """The predictions and whether they go out bare. Raises RefusedError for a payload that does not fit."""
        if not is_post(head):
            raise RefusedError(405, "Method not allowed. POST the data to score.")
        try:
            payload = self.payload(head, body)
            return self.predictions(payload), payload.bare
        except PayloadError as error:
            raise self.refused(str(error)) from error

    def payload(self, head: memoryview, body: memoryview) -> Payload:
        if b"csv" in bytes(head) and HTTPHead(head).get("content-type").split(";")[0].strip().lower() == "text/csv":
            return read_csv(bytes(body), self.signature.schema)
        return read_json(bytes(body), self.signature.schema)

    def predictions(self, payload: Payload) -> Any:
        """Calls the model, which compares the data with its signature first."""
        try:
            if payload.params is None:
                return self.predict(payload.data)
            if not self.takes_params:
                raise PayloadError("This MLflow is too old for params: they came with 2.6.")
            return self.predict(payload.data, params=payload.params)
        except PayloadError:
            raise
        except Exception as error:
            if enforced(error.__traceback__):
                raise PayloadError(getattr(error, "message", str(error))) from error
            raise

    def refused(self, message: str) -> RefusedError:
        refusal = RefusedError(400, message)
        said = {
            "code": "BadRequest",
            "message": message,
            "signature": self.signature.as_dictionary(),
            "sample": self.signature.sample,
        }
        body = json.dumps({"error": said}, default=str).encode()
        refusal.reply = (400, refusal.reply[1], body)
        return refusal


def enforced(trace: TracebackType | None) -> bool:
    """Whether an exception came from MLflow's comparison with the signature, not from the model."""
    while trace is not None:
        if trace.tb_frame.f_code.co_name in ENFORCING:
            return True
        trace = trace.tb_next
    return False


def encoded(result: Any, seconds: float) -> Reply:
    """The predictions, bare for Azure's payloads and under `predictions` for MLflow's."""
    predictions, bare = result
    try:
        body = as_json(predictions if bare else {"predictions": predictions})
    except (TypeError, ValueError) as error:
        raise UnencodableError(f"The model's result cannot be written as JSON: {error}.") from error
    return 200, SUCCESS % (seconds * 1000), body
