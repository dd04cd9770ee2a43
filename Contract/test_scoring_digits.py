"""The second seed's story: a digit as a base64 PNG goes in, its number comes out as a JSON string.

The model is scikit-learn's where the seed has Keras; folders, script, payloads and calls are the seed's.
"""

import base64
import json
import pickle
import struct
import zlib

import pytest
from azure.ai.ml.entities import Environment, Model

from scoring_endpoints import OnlineEndpoint

pytestmark = pytest.mark.sklearn

SCORING = """
import base64
import io
import json
import os
import pickle

import numpy as np
from PIL import Image


def list_files(startpath):
    for root, dirs, files in os.walk(startpath):
        level = root.replace(startpath, "").count(os.sep)
        print("{}{}/".format(" " * 4 * level, os.path.basename(root)))
        for f in files:
            print("{}{}".format(" " * 4 * (level + 1), f))


def init():
    global model
    base_path = os.getenv("AZUREML_MODEL_DIR")
    print(f"base_path: {base_path}")
    list_files(base_path)
    model_path = os.path.join(base_path, "INPUT_model")
    print(f"model_path: {model_path}")
    with open(os.path.join(model_path, "digits.pkl"), "rb") as file:
        model = pickle.load(file)


def run(raw_data):
    data = json.loads(raw_data)
    image_bytes = base64.b64decode(data["data"])
    image = Image.open(io.BytesIO(image_bytes))
    image = image.convert("L")
    image = image.resize((28, 28))
    data = np.array(image) / 255.0
    data = np.expand_dims(data, axis=(0, -1))
    prediction = model.predict_proba(data.reshape(1, -1))
    predicted_label = np.argmax(prediction, axis=1)[0]
    return json.dumps(predicted_label.tolist())
"""
PACKAGES = ["scikit-learn==1.5.2", "numpy==2.2.6", "pillow"]


def large(digit):
    """One of scikit-learn's digits, 8 pixels a side, as 28 rows of 28 grey bytes."""
    import numpy

    grey = (digit.reshape(8, 8) * (255 / 16)).astype("uint8")
    return numpy.pad(numpy.kron(grey, numpy.ones((3, 3), "uint8")), 2)


def png(pixels):
    """A grey picture as a PNG file: signature, header, rows (each after its filter byte), end."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width = pixels.shape
    rows = zlib.compress(b"".join(b"\0" + row.tobytes() for row in pixels))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture(scope="module")
def digits():
    """Images of 28 pixels a side, their numbers, and a model that was taught most of them."""
    import numpy
    from sklearn.datasets import load_digits
    from sklearn.linear_model import LogisticRegression

    data = load_digits()
    pixels = numpy.array([large(each).reshape(-1) / 255 for each in data.data])
    model = LogisticRegression(max_iter=200).fit(pixels[100:1100], data.target[100:1100])
    return data, model


def test_a_digit_drawn_on_a_png_is_told_by_its_number(ml_client, folder, unique_name, digits):
    data, model = digits
    (folder / "INPUT_model").mkdir()
    (folder / "INPUT_model" / "digits.pkl").write_bytes(pickle.dumps(model))
    registered = Model(path=folder / "INPUT_model", name=unique_name("example"), type="custom_model")
    registered = ml_client.models.create_or_update(registered)
    conda = {"name": "keras", "dependencies": ["python=3.11", "pip", {"pip": PACKAGES}]}
    environment = Environment(name=unique_name("aml-keras-mnist"), version="11", image="ubuntu:22.04", conda_file=conda)
    environment = ml_client.environments.create_or_update(environment)
    online = OnlineEndpoint(ml_client, folder, unique_name("mnist-endpt"))
    online.deploy(
        "blue",
        SCORING,
        model=ml_client.models.get(name=registered.name, version=registered.version),
        environment=ml_client.environments.get(name=environment.name, version=11),
        instance_type="Standard_D2_v2",
    )
    online.send_traffic(blue=100)
    right = 0
    for pixels, number in zip(data.data[:20], data.target[:20], strict=True):
        body = json.dumps({"data": base64.b64encode(png(large(pixels))).decode()})
        reply = online.ask(body, headers={"Content-Type": None})
        assert reply.status_code == 200, reply.text
        assert reply.text == f'"{json.loads(reply.content)}"'
        right += int(json.loads(reply.content)) == number
    assert right >= 18
    log = online.logs("blue")
    assert "base_path: " in log
    assert "digits.pkl" in log
    online.delete()
