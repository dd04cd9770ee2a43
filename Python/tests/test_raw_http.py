"""Scripts that take the request itself and make the response themselves."""

import pytest

from gateway import http_head

RAW = """
import json
from {package}.aml_request import AMLRequest, rawhttp
from {package}.aml_response import AMLResponse

def init():
    pass

@rawhttp
def run(request):
    return eval(request.headers["x-expression"])
"""
FORM = (
    b'--BB\r\nContent-Disposition: form-data; name="field"\r\n\r\nvalue\r\n'
    b'--BB\r\nContent-Disposition: form-data; name="image"; filename="a b.png"\r\nContent-Type: image/png\r\n\r\n'
    b"\x01\r\n\x02\r\n--BB--\r\n"
)
FORM_TYPE = {"Content-Type": "multipart/form-data; boundary=BB"}


@pytest.fixture
def evaluate(script):
    """Asks a host that evaluates an expression in which `request` and `AMLResponse` are known."""
    hosts = []

    def ask(expression, body=b"", method="POST", target="/score", headers=None):
        if not hosts:
            hosts.append(script(RAW.format(package="azureml_inference_server_http.api")))
        return hosts[0].ask(body, head=http_head(method, target, {"x-expression": expression, **(headers or {})}))

    return ask


@pytest.mark.parametrize("package", ["azureml_inference_server_http.api", "azureml.contrib.services"])
def test_the_modules_can_be_imported_from_either_package(script, package):
    host = script(RAW.format(package=package))
    head = http_head(headers={"x-expression": "isinstance(request, AMLRequest)"})
    assert host.ask(head=head).json() is True


def test_modules_of_the_same_packages_that_are_not_ours_are_not_hidden(script):
    host = script(
        "import azureml.beside\nfrom azureml.contrib.services.aml_request import rawhttp\n"
        "def init():\n    pass\ndef run(data):\n    return azureml.beside.NAME\n",
        files={"azureml/beside.py": "NAME = 'beside'"},
    )
    assert host.ask().json() == "beside"


def test_a_request_tells_its_method_path_query_and_headers(evaluate):
    reply = evaluate(
        "[request.method, request.path, request.args['a'], request.args.getlist('a'), request.args.get('n', type=int),"
        " request.url, request.headers['CONTENT-type'], request.headers.get('none', 'default')]",
        method="GET",
        target="/score/a%20b?a=1&a=2&n=3",
    )
    url = "http://127.0.0.1/score/a b?a=1&a=2&n=3"
    assert reply.json() == ["GET", "/score/a b", "1", ["1", "2"], 3, url, "application/json", "default"]


def test_a_request_gives_its_body_as_bytes_text_and_json(evaluate):
    expression = (
        "[request.data.decode(), request.get_data(as_text=True), request.json, request.get_json(), request.is_json]"
    )
    assert evaluate(expression, b'{"a": 1}').json() == ['{"a": 1}', '{"a": 1}', {"a": 1}, {"a": 1}, True]


def test_a_body_that_is_no_json_is_none_when_asked_silently_and_else_an_error(evaluate):
    assert evaluate("[request.get_json(silent=True)]", b"{").json() == [None]
    assert evaluate("request.get_json()", b"{").status == 500


def test_a_form_gives_its_fields_and_files(evaluate):
    expression = (
        "[request.form['field'], request.files['image'].filename, request.files['image'].read().hex(),"
        " request.files['image'].mimetype, request.files.get('none')]"
    )
    assert evaluate(expression, FORM, headers=FORM_TYPE).json() == ["value", "a b.png", "010d0a02", "image/png", None]


def test_a_file_can_be_saved(evaluate, tmp_path):
    evaluate(f"request.files['image'].save({str(tmp_path / 'saved')!r})", FORM, headers=FORM_TYPE)
    assert (tmp_path / "saved").read_bytes() == b"\x01\r\n\x02"


def test_an_encoded_form_is_read(evaluate):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert evaluate("request.form.to_dict()", b"a=1&b=x+y", headers=headers).json() == {"a": "1", "b": "x y"}


def test_cookies_are_read(evaluate):
    assert evaluate("request.cookies.get('c')", headers={"Cookie": "c=1; d=2"}).json() == "1"


def test_a_response_goes_out_as_it_is(evaluate):
    reply = evaluate("AMLResponse(bytes([0, 255]), 201, {'Content-Type': 'image/png', 'X-A': '1, 2'})")
    assert (reply.status, reply.body) == (201, b"\x00\xff")
    assert [value for name, value in reply.headers if name == "X-A"] == ["1", "2"]
    assert reply.header("content-type") == "image/png"
    assert reply.header("x-ms-run-function-failed") == "False"


@pytest.mark.parametrize(
    ("response", "kind", "body"),
    [
        ("AMLResponse('text', 200)", "text/html; charset=utf-8", b"text"),
        ("AMLResponse({'a': 1}, 200, json_str=True)", "application/json", b'{"a": 1}'),
        ("AMLResponse(None, 200)", "application/json", b"{}"),
        ("AMLResponse(['a', b'b'], 200)", "text/html; charset=utf-8", b"ab"),
        ("{'a': 1}", "application/json", b'{"a": 1}'),
    ],
)
def test_a_response_without_a_type_gets_the_usual_one(evaluate, response, kind, body):
    reply = evaluate(response)
    assert (reply.header("content-type"), reply.body) == (kind, body)


def test_a_response_of_500_counts_as_a_failed_run(evaluate):
    reply = evaluate("AMLResponse('bad', 503)")
    assert (reply.status, reply.header("x-ms-run-function-failed")) == (503, "True")


def test_a_header_cannot_smuggle_in_another(evaluate):
    reply = evaluate("AMLResponse('x', 200, {'X-A': 'a\\r\\nX-B: b'})")
    assert reply.status == 500
    assert reply.header("X-B") is None


@pytest.mark.parametrize(("method", "status"), [("GET", 200), ("OPTIONS", 200), ("PUT", 405)])
def test_get_and_options_reach_the_script_and_other_methods_do_not(evaluate, method, status):
    assert evaluate("1", method=method).status == status


def test_a_response_of_flask_is_understood_without_flask(script):
    host = script(
        """
        class Response:
            status_code = 202
            headers = {"Content-Type": "text/plain"}
            def get_data(self):
                return b"made by another"
        def init():
            pass
        def run(data):
            return Response()
        """
    )
    reply = host.ask()
    assert (reply.status, reply.header("content-type"), reply.body) == (202, "text/plain", b"made by another")
