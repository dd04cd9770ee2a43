"""Triton's own client against models that the native host serves over the Open Inference Protocol."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import onnx
import pytest
import tritonclient.http
from onnx import TensorProto, helper
from tritonclient.utils import InferenceServerException

from native_host import NativeHost

TYPES = {
    "FP32": (TensorProto.FLOAT, np.float32),
    "FP64": (TensorProto.DOUBLE, np.float64),
    "INT8": (TensorProto.INT8, np.int8),
    "INT16": (TensorProto.INT16, np.int16),
    "INT32": (TensorProto.INT32, np.int32),
    "INT64": (TensorProto.INT64, np.int64),
    "UINT8": (TensorProto.UINT8, np.uint8),
    "BOOL": (TensorProto.BOOL, np.bool_),
    "BYTES": (TensorProto.STRING, np.object_),
}


def write_identity(folder, name, versions=(1, 2), platform="onnxruntime_onnx"):
    kind, _ = TYPES[name]
    tensors = [helper.make_tensor_value_info(tensor, kind, [None, 2]) for tensor in ("x", "y")]
    graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "identity", tensors[:1], tensors[1:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    for version in versions:
        (folder / name / str(version)).mkdir(parents=True)
        onnx.save(model, folder / name / str(version) / "model.onnx")
    triton_type = "TYPE_STRING" if name == "BYTES" else f"TYPE_{name}"
    (folder / name / "config.pbtxt").write_text(
        f'name: "{name}"  # one of many\nplatform: "{platform}"\nversion_policy: {{ all {{ }} }}\n'
        f'input [ {{ name: "x", data_type: {triton_type}, dims: [ 2 ] }} ]\n'
        f'output {{ name: "y" data_type: {triton_type} dims: 2 }}\n'
    )


def bridge(host: NativeHost) -> ThreadingHTTPServer:
    """An HTTP server that passes each request on to the host, as the gateway does."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            with lock:
                host.send(body, self.requestline, dict(self.headers.items()))
                _, status, head, answer = host.receive()
            self.send_response(status)
            for line in (head or "Content-Type: application/json").splitlines():
                self.send_header(*line.split(": ", 1))
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = pass_on  # noqa: N815 (names of the standard library)

        def log_message(self, *parts: object) -> None:
            pass

    return ThreadingHTTPServer(("127.0.0.1", 0), Handler)


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    folder = tmp_path_factory.mktemp("repository")
    for name in TYPES:
        write_identity(folder, name)
    host = NativeHost(tmp_path_factory.mktemp("host"), folder)
    server = bridge(host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    client = tritonclient.http.InferenceServerClient(f"127.0.0.1:{server.server_port}")
    yield client
    client.close()
    server.shutdown()
    assert host.stop() == 0


def values(name):
    if name == "BYTES":
        return np.array([["a", 'b "quoted" Grün'], ["", "  c"]], dtype=object)
    return np.array([[1, 0], [3, 4]]).astype(TYPES[name][1])


@pytest.mark.parametrize("binary_output", [False, True], ids=["to JSON", "to binary"])
@pytest.mark.parametrize("binary_input", [False, True], ids=["from JSON", "from binary"])
@pytest.mark.parametrize("name", TYPES)
def test_tensors_of_every_type_pass(client, name, binary_input, binary_output):
    given = tritonclient.http.InferInput("x", [2, 2], name)
    given.set_data_from_numpy(values(name), binary_data=binary_input)
    wanted = tritonclient.http.InferRequestedOutput("y", binary_data=binary_output)
    result = client.infer(name, [given], outputs=[wanted], request_id="seven", model_version="1")
    assert result.get_response()["id"] == "seven"
    got = result.as_numpy("y").tolist()
    if name == "BYTES":
        got = [[text.decode() if isinstance(text, bytes) else text for text in row] for row in got]
    assert got == values(name).tolist()


def test_metadata_and_health_are_those_of_the_repository(client):
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready("FP32", "2")
    assert not client.is_model_ready("FP32", "3")
    assert not client.is_model_ready("absent")
    assert "binary_tensor_data" in client.get_server_metadata()["extensions"]
    assert client.get_model_metadata("BYTES") == {
        "name": "BYTES",
        "versions": ["1", "2"],
        "platform": "onnxruntime_onnx",
        "inputs": [{"name": "x", "datatype": "BYTES", "shape": [-1, 2]}],
        "outputs": [{"name": "y", "datatype": "BYTES", "shape": [-1, 2]}],
    }


@pytest.mark.parametrize(
    ("name", "shape", "kind", "expected"),
    [
        ("x", [1, 3], "FP32", r"the model takes \[-1, 2\]"),
        ("z", [1, 2], "FP32", 'no input "z"'),
        ("x", [1, 2], "FP64", "given as FP64; the model takes FP32"),
    ],
)
def test_a_tensor_that_the_model_does_not_take_is_told(client, name, shape, kind, expected):
    given = tritonclient.http.InferInput(name, shape, kind)
    given.set_data_from_numpy(np.zeros(shape, TYPES[kind][1]))
    with pytest.raises(InferenceServerException, match=expected):
        client.infer("FP32", [given])


def test_a_model_for_another_backend_is_refused_by_name(tmp_path):
    write_identity(tmp_path / "repository", "FP32", platform="tensorrt_plan")
    refused = NativeHost(tmp_path / "host", tmp_path / "repository")
    assert refused.process.wait(20) == 1
    assert 'backend "tensorrt_plan"' in refused.complaint
