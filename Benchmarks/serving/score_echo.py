"""The smallest scoring script: it reads its request and gives it back."""

import json


def init():
    """Nothing to load."""


def run(raw_data):
    return json.loads(raw_data)
