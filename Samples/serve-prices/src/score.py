"""Answers with the price of each stone: the smallest scoring script that reads a model."""

import json
import os
from pathlib import Path

weights = {}


def init():
    file = Path(os.environ["AZUREML_MODEL_DIR"]) / "model" / "weights.json"
    weights.update(json.loads(file.read_text()))
    print("loaded", weights)


def run(raw_data):
    stones = json.loads(raw_data)["data"]
    return [round(weights["base"] + weights["carat"] * stone["carat"] ** 2, 2) for stone in stones]
