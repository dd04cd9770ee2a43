"""The same script and the same request on Azure's own server and on ours: status, type, failure header and body agree.

Runs where `azmlinfsrv` is: AZMLINFSRV names it, or one of the environments in .tools/peers has it, with numpy, pandas
and inference-schema beside it.
"""

import http.client
import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from gateway import Host, http_head
from test_faults import until

ROOT = Path(__file__).resolve().parents[2]
FOUND = [os.environ["AZMLINFSRV"]] if "AZMLINFSRV" in os.environ else ROOT.glob(".tools/peers/*/bin/azmlinfsrv")
SERVER = next((Path(each) for each in FOUND), None)
pytestmark = pytest.mark.skipif(SERVER is None, reason="azmlinfsrv is in no environment of .tools/peers")

JSON = {"Content-Type": "application/json"}
ENCODED = {"Content-Type": "application/x-www-form-urlencoded"}
FORM = {"Content-Type": "multipart/form-data; boundary=BB"}
PARTS = (
    '--BB\r\nContent-Disposition: form-data; name="field"\r\n\r\nvalue\r\n'
    '--BB\r\nContent-Disposition: form-data; name="image"; filename="a b.png"\r\nContent-Type: image/png\r\n\r\n'
    "\x01\x02\r\n--BB--\r\n"
)
INIT = "def init():\n    pass\n"
SCHEMAS = """
import numpy, pandas
from inference_schema.schema_decorators import input_schema, output_schema
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType as N
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType as P
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType as S
"""
SCRIPTS = {
    "plain": INIT + "import json, numpy\ndef run(raw_data):\n    return eval(raw_data)\n",
    "echo": INIT + "def run(data, request_headers):\n    return [data, request_headers.get('X-A')]\n",
    "raw": INIT
    + """
from azureml_inference_server_http.api.aml_request import rawhttp
from azureml_inference_server_http.api.aml_response import AMLResponse
@rawhttp
def run(request):
    return eval(request.headers.get("x-expression", "request.method"))
""",
    "numpy": SCHEMAS
    + INIT
    + """
@input_schema("data", N(numpy.array([[1, 2]])))
@output_schema(N(numpy.array([1])))
def run(data):
    return [type(data).__name__, data.sum().item()]
""",
    "pandas": SCHEMAS
    + INIT
    + """
@input_schema("data", P(pandas.DataFrame({"a": [1], "b": ["x"]})))
@input_schema("method", S("predict"), optional=True)
@output_schema(S([1]))
def run(data, method="predict"):
    return [type(data).__name__, data["a"].tolist(), method]
""",
    "nested": SCHEMAS
    + INIT
    + """
@input_schema("Inputs", S({"data": P(pandas.DataFrame({"a": [1]}), enforce_shape=False)}))
@input_schema("GlobalParameters", S({"method": "predict"}))
def run(Inputs, GlobalParameters={"method": "x"}):
    return [type(Inputs["data"]).__name__, GlobalParameters]
""",
}


def post(script, *bodies, headers=JSON):
    return [(script, "POST", "/score", headers, body) for body in bodies]


def raw(expression, body="body", target="/score", headers=JSON):
    return ("raw", "POST", target, {**headers, "x-expression": expression}, body)


NOT_FOR_SCHEMAS = ("", "{", "[1]", "{}", '"x"', "null", '{"Data": [[1, 2]]}')
CASES = [
    *post(
        "plain", '{"a": 1}', "[1]", "(1, 2)", "'x'", "None", "float('nan')", "b'x'", "numpy.array([1])", "'é'", "{1}"
    ),
    *post("plain", "numpy.float64(1.5)", "numpy.int64(1)", "object()", "True", "(x for x in [1])", "1/0", "{1}", ""),
    *post("plain", "json.dumps([1])", b"\xff\xfe"),
    *post("plain", "1", headers={}),
    *post("plain", "1", headers={"Content-Type": "text/plain"}),
    *[("plain", method, "/score?a=1", {}, None) for method in ("GET", "OPTIONS", "PUT", "DELETE")],
    ("echo", "GET", "/score?a=1&b=[1,2]&c=x&a=2&d=", {}, None),
    *post("echo", "d", headers={**JSON, "x-a": "1"}),
    *[("raw", method, "/score", {}, None) for method in ("GET", "OPTIONS", "PUT")],
    raw("AMLResponse('text', 200)"),
    raw("AMLResponse(b'bytes', 201, {'Content-Type': 'image/png', 'X-A': '1, 2'})"),
    raw("AMLResponse({'a': 1}, 200, json_str=True)"),
    raw("AMLResponse(None, 204)"),
    raw("AMLResponse('bad', 500)"),
    raw("AMLResponse('x', 200, run_function_failed=True)"),
    raw("AMLResponse([b'a', b'b'], 200)"),
    raw("AMLResponse('x', 200, {'X-A': 'a\\r\\nX-B: b'})"),
    raw("{'a': 1}"),
    raw("1/0"),
    raw("request.json", '{"a": [1]}'),
    raw("request.json", "{"),
    raw("request.get_json(force=True)", "[1]", headers={"Content-Type": "text/plain"}),
    raw("request.get_json()", "[1]", headers={"Content-Type": "text/plain"}),
    raw("[request.url, request.base_url, request.full_path, request.path]", target="/score?a=1"),
    raw("[request.args.get('a', type=int), request.args.getlist('a')]", target="/score?a=1&a=2"),
    raw("[request.args.to_dict(flat=False), dict(request.args)]", target="/score?a=1&a=2"),
    raw("request.args['none']"),
    raw(
        "[request.form.to_dict(), request.data.decode()]",
        "a=1",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    ),
    raw("[request.form['field'], list(request.files), request.values.to_dict()]", PARTS, "/score?q=1", FORM),
    raw("[[f.filename, f.name, f.mimetype, f.read().hex()] for f in request.files.values()]", PARTS, headers=FORM),
    raw("request.cookies.get('c')", headers={"Cookie": "c=1; d=2"}),
    raw("[request.is_json, request.mimetype, request.content_type, request.content_length, request.authorization]"),
    raw("['X-Expression' in request.headers, request.headers.get('none', 'default')]"),
    *post("numpy", *NOT_FOR_SCHEMAS, '{"data": [[1, 2]]}', '{"data": "x"}', '{"data": [[1, 2]], "extra": 1}'),
    *post("numpy", '{"data": [[1, 2]]}', headers={"Content-Type": "text/plain"}),
    ("numpy", "GET", "/score?data=[[1,2]]", {}, None),
    ("numpy", "OPTIONS", "/score", {}, None),
    *post("pandas", '{"data": [{"a": 1, "b": "x"}]}', '{"data": [{"a": 1, "b": "x"}], "method": "m"}', "{}"),
    *post("nested", '{"Inputs": {"data": [{"a": 1}]}}', '{"Inputs": 3}'),
    *post("nested", '{"Inputs": {"data": [{"a": 1}]}, "GlobalParameters": {"method": "p"}}'),
]


class AzuresServer:
    """Azure's server with one script, on a port of its own."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        variables = {**os.environ, "AML_APP_ROOT": str(folder), "PATH": f"{SERVER.parent}:{os.environ['PATH']}"}
        command = [SERVER, "--entry_script", "score.py", "--port", str(self.port)]
        with (folder / "azure.log").open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=folder, stdout=log, stderr=log, env=variables, start_new_session=True
            )
        until(self.listens)

    def listens(self):
        assert self.process.poll() is None
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def ask(self, method, target, headers, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, target, body.encode() if isinstance(body, str) else body, headers)
        reply = connection.getresponse()
        return reply.status, reply.getheaders(), reply.read()

    def close(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait()


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Azure's server and our host of a script, started once."""
    running = {}

    def start(name):
        if name not in running:
            folder = tmp_path_factory.mktemp(name)
            (folder / "score.py").write_text(SCRIPTS[name])
            plan = {"kind": "script", "script": {"folder": str(folder), "file": "score.py"}}
            host = Host(folder, plan, str(SERVER.parent / "python"), {})
            running[name] = (AzuresServer(folder), host.ready())
        return running[name]

    yield start
    for pair in running.values():
        for each in pair:
            each.close()


def told(status, headers, body):
    """What a client can tell by: all but ids, lengths and times."""
    shown = {"content-type", "x-ms-run-function-failed", "x-a", "x-b"}
    kept = sorted((name.lower(), value) for name, value in headers if name.lower() in shown)
    timed = any(name.lower() == "x-ms-run-fn-exec-ms" for name, _ in headers)
    return status, kept, body, timed


@pytest.mark.parametrize(
    ("script", "method", "target", "headers", "body"),
    CASES,
    ids=[f"{number}-{case[0]}" for number, case in enumerate(CASES)],
)
def test_both_answer_alike(both, script, method, target, headers, body):
    azure, ours = both(script)
    head = http_head(method, target, {"Host": f"127.0.0.1:{azure.port}", "Content-Type": "", **headers})
    reply = ours.ask(body or b"", head=head.replace(b"Content-Type: \r\n", b""))
    assert told(reply.status, reply.headers, reply.body) == told(*azure.ask(method, target, headers, body))


def test_what_the_decorators_say_is_described(both):
    said = both("numpy")[1].describe()
    assert said["input"]["properties"]["data"]["type"] == "array"
    assert said["inputExample"] == {"data": [[1, 2]]}
    assert said["outputExample"] == [1]
