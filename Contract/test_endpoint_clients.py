"""Endpoints called by what people call them with: the seeds' script, ab, curl, a browser, hard-coded addresses."""

import base64
import gzip
import json
import re
import shutil
import subprocess
import sys
import uuid
from urllib.parse import urlsplit

import pytest
import requests

from browser import browser, chromium
from lazuli_server import quiet_environment, said
from scoring_endpoints import OnlineEndpoint

BANK = """\
import base64
import json


def init():
    print("loaded")


def run(raw_data):
    asked = json.loads(raw_data)
    if "image" in asked:
        return len(base64.b64decode(asked["image"]))
    return json.dumps({"result": ["yes" if row["duration"] > 500 else "no" for row in asked["data"]]})
"""

COLUMNS = {
    "age": 17, "campaign": 1, "cons.conf.idx": -46.2, "cons.price.idx": 92.893, "contact": "cellular",
    "day_of_week": "mon", "default": "no", "duration": 971, "education": "university.degree", "emp.var.rate": -1.8,
    "euribor3m": 1.299, "housing": "yes", "job": "blue-collar", "loan": "yes", "marital": "married", "month": "may",
    "nr.employed": 5099.1, "pdays": 999, "poutcome": "failure", "previous": 1,
}  # fmt: skip
ROWS = {"data": [COLUMNS, COLUMNS | {"age": 87, "duration": 471}]}
ANSWER = '{"result": ["yes", "no"]}'

CONSUMER = """\
import json
import requests

scoring_uri = {uri!r}
key = {key!r}
data = {rows!r}
input_data = json.dumps(data)
with open("data.json", "w") as _f:
    _f.write(input_data)
headers = {{"Content-Type": "application/json"}}
headers["Authorization"] = f"Bearer {{key}}"
resp = requests.post(scoring_uri, input_data, headers=headers)
print(resp.json())
"""


@pytest.fixture(scope="module")
def bank(ml_client, tmp_path_factory):
    """An endpoint with a script like that of the bank's model."""
    made = OnlineEndpoint(ml_client, tmp_path_factory.mktemp("bank"), f"bank-{uuid.uuid4().hex[:8]}")
    made.deploy("blue", BANK, at_once=16)
    made.send_traffic(blue=100)
    yield made
    made.delete()


@pytest.fixture(scope="module")
def proxied(server):
    return json.loads(server.run("env", "--proxy", "--json").stdout)


@pytest.fixture
def request_file(folder):
    file = folder / "data.json"
    file.write_text(json.dumps(ROWS))
    return file


# The consumer of the seeds


def consumer(folder, uri, key):
    file = folder / "endpoint.py"
    file.write_text(CONSUMER.format(uri=uri, key=key, rows=ROWS))
    return file


def test_the_consumer_script_writes_its_rows_and_prints_the_answer(bank, folder):
    ended = subprocess.run(
        [sys.executable, consumer(folder, bank.uri, bank.key)],
        capture_output=True, text=True, cwd=folder, timeout=60, env=quiet_environment(), check=True,
    )  # fmt: skip
    assert ended.stdout.strip() == ANSWER
    assert json.loads((folder / "data.json").read_text()) == ROWS


def test_the_answer_is_json_in_json_with_the_headers_of_the_recorded_one(bank):
    reply = bank.ask(json.dumps(ROWS))
    assert reply.text == '"{\\"result\\": [\\"yes\\", \\"no\\"]}"'
    assert len(reply.content) == 33
    assert reply.headers["x-ms-request-id"]
    assert reply.headers["x-ms-run-function-failed"] == "False"


@pytest.mark.parametrize(
    "address",
    [
        "https://{name}.azurewebsites.net/score",
        "https://{name}.westeurope.inference.ml.azure.com/score",
        "http://{name}.westeurope.azurecontainer.io/score",
    ],
)
def test_addresses_written_into_programs_lead_here_through_the_proxy(server, bank, folder, address):
    program = consumer(folder, address.format(name=bank.name), bank.key)
    ended = server.run("run", "--proxy", "--", sys.executable, program, folder=folder)
    assert ended.stdout.strip() == ANSWER, said(ended)


def test_an_endpoint_that_is_not_there_is_named_through_the_proxy_too(proxied):
    reply = requests.post(
        "https://no-such.azurewebsites.net/score", b"{}", proxies={"https": proxied["HTTPS_PROXY"]},
        verify=proxied["REQUESTS_CA_BUNDLE"], timeout=30,
    )  # fmt: skip
    assert reply.status_code == 404
    assert "no-such" in reply.text


# ab


@pytest.mark.skipif(not shutil.which("ab"), reason="ab is not installed (apt-get install apache2-utils)")
@pytest.mark.parametrize("keep_alive", [False, True])
def test_apache_bench_finishes_without_a_failed_request(bank, request_file, keep_alive):
    command = [
        "ab", *(["-k"] if keep_alive else []), "-n", "1000", "-c", "8", "-p", request_file, "-T", "application/json",
        "-H", f"Authorization: Bearer {bank.key}", bank.uri,
    ]  # fmt: skip
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    report = dict(re.findall(r"^([A-Z][\w -]+):\s+(.+)$", ended.stdout, re.M))
    assert report["Complete requests"] == "1000"
    assert report["Failed requests"] == "0"
    assert "Non-2xx responses" not in report
    assert report["Document Length"] == "33 bytes"
    assert report.get("Keep-Alive requests") == ("1000" if keep_alive else None)


# curl


def curl(*arguments):
    command = ["curl", "--silent", "--show-error", "--max-time", "60", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=quiet_environment(), check=True).stdout


def signed(bank):
    return ["-H", f"Authorization: Bearer {bank.key}"]


def test_curl_without_a_content_type_is_answered(bank, request_file):
    said = curl(*signed(bank), "-H", "Content-Type:", "--data", f"@{request_file}", bank.uri)
    assert json.loads(json.loads(said)) == {"result": ["yes", "no"]}


def test_curl_with_http_1_0_is_answered(bank, request_file):
    said = curl("-0", *signed(bank), "--data", f"@{request_file}", bank.uri)
    assert json.loads(said) == ANSWER


def test_a_body_that_is_waited_for_is_asked_for(bank, folder):
    """curl sends large bodies only when the server says 100 Continue, or after a second."""
    image = base64.b64encode(b"x" * 2_000_000).decode()
    (folder / "large.json").write_text(json.dumps({"image": image}))
    took, said = curl(
        *signed(bank), "-H", "Expect: 100-continue", "-w", "\n%{time_total}", "--data", f"@{folder / 'large.json'}",
        bank.uri,
    ).splitlines()[::-1]  # fmt: skip
    assert said == "2000000"
    assert float(took) < 0.9


def test_a_compressed_body_is_read(bank, folder):
    (folder / "data.gz").write_bytes(gzip.compress(json.dumps(ROWS).encode()))
    said = curl(
        *signed(bank), "-H", "Content-Encoding: gzip", "-H", "Content-Type: application/json",
        "--data-binary", f"@{folder / 'data.gz'}", bank.uri,
    )  # fmt: skip
    assert json.loads(said) == ANSWER


def test_an_image_of_ten_megabytes_goes_through(bank):
    image = base64.b64encode(bytes(range(256)) * 30_000).decode()
    assert len(image) > 10_000_000
    assert bank.ask(json.dumps({"image": image})).text == str(256 * 30_000)


# Browsers


def test_another_sites_page_may_call(bank):
    asked = {
        "Origin": "http://localhost:9000", "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }  # fmt: skip
    allowed = requests.options(bank.uri, headers=asked, timeout=30)
    assert allowed.status_code in (200, 204)
    assert allowed.headers["Access-Control-Allow-Origin"] in ("*", asked["Origin"])
    assert "authorization" in allowed.headers["Access-Control-Allow-Headers"].lower()
    assert "POST" in allowed.headers["Access-Control-Allow-Methods"]
    scored = bank.ask(json.dumps(ROWS), headers={"Origin": asked["Origin"]})
    assert scored.headers["Access-Control-Allow-Origin"] in ("*", asked["Origin"])


def test_the_page_of_an_endpoint_is_found_from_its_address(bank):
    found = requests.get(bank.uri.removesuffix("score"), headers={"Accept": "text/html"}, timeout=60)
    assert found.status_code == 200
    assert urlsplit(found.url).path.endswith("/docs/")
    assert "text/html" in found.headers["Content-Type"]
    library = requests.get(found.url + "swagger-ui-bundle.js", timeout=180)
    assert library.headers["Content-Type"].startswith("text/javascript")
    assert requests.get(found.url + "other.js", timeout=30).status_code == 404


@pytest.mark.skipif(not chromium(), reason="there is no Chromium (apt-get install chromium)")
def test_trying_it_out_in_a_browser_gives_a_prediction(bank, folder):
    with browser(folder / "profile") as page:
        page.open(bank.uri.removesuffix("score") + "docs/")
        page.until("document.querySelector('.opblock-post') !== null")
        assert page.run("document.title").startswith(bank.name)
        page.run(f"document.getElementById('key').value = {json.dumps(bank.key)}")
        page.run("document.querySelector('#sign-in button').click()")
        page.until("document.getElementById('state').textContent.startsWith('Calls')")
        page.run("document.querySelector('.opblock-post .opblock-summary-control').click()")
        page.until("document.querySelector('.opblock-post textarea') !== null")
        page.run(f"""(() => {{
            const area = document.querySelector('.opblock-post textarea');
            const write = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set;
            write.call(area, {json.dumps(json.dumps(ROWS))});
            area.dispatchEvent(new Event('change', {{bubbles: true}}));
        }})()""")
        page.run("document.querySelector('.opblock-post .execute').click()")
        answered = page.until(
            "(document.querySelector('.live-responses-table tbody .response-col_description') || {}).innerText"
        )
        assert "yes" in answered, answered
        assert page.run(
            "document.querySelector('.live-responses-table tbody .response-col_status').innerText"
        ).startswith("200")


@pytest.mark.skipif(not chromium(), reason="there is no Chromium (apt-get install chromium)")
def test_without_swagger_ui_the_page_says_so_and_shows_the_documents_address(bank, folder):
    with browser(folder / "profile") as page:
        page.call("Network.enable")
        page.call("Network.setBlockedURLs", urls=["*swagger-ui-bundle.js"])
        page.open(bank.uri.removesuffix("score") + "docs/")
        shown = page.until("document.getElementById('problem') && document.getElementById('problem').innerText")
        assert bank.uri.removesuffix("score") + "swagger.json" in shown
