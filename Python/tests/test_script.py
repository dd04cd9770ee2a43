"""Scoring scripts: how they are loaded, what run() is given, what their results become."""

import json

import pytest

from gateway import http_head

INIT = "def init():\n    pass\n\n"


def test_init_is_called_once_and_run_gets_the_body_as_text(script):
    host = script(
        """
        calls = []
        def init():
            calls.append("init")
        def run(raw_data):
            return [calls, type(raw_data).__name__, raw_data]
        """
    )
    for _ in range(2):
        assert host.ask('{"data": "é"}').json() == [["init"], "str", '{"data": "é"}']


@pytest.mark.parametrize(
    ("result", "body"),
    [
        ("{'a': [1, 2.5, None, True]}", b'{"a": [1, 2.5, null, true]}'),
        ("[1]", b"[1]"),
        ("(1, 'x')", b'[1, "x"]'),
        ("'eight'", b'"eight"'),
        ("__import__('json').dumps(8)", b'"8"'),
        ("None", b"{}"),
        ("float('nan')", b"NaN"),
        ("'\\u00e9'", b'"\\u00e9"'),
        ("7", b"7"),
    ],
)
def test_results_go_out_as_json(script, result, body):
    reply = script(INIT + f"def run(raw_data):\n    return {result}\n").ask()
    assert (reply.status, reply.body) == (200, body)
    assert reply.header("content-type") == "application/json"
    assert reply.header("x-ms-run-function-failed") == "False"
    assert float(reply.header("x-ms-run-fn-exec-ms")) >= 0


@pytest.mark.parametrize("result", ["b'bytes'", "object()", "(each for each in [1])", "{1, 2}"])
def test_a_result_that_is_no_json_is_a_500_and_the_log_says_what_to_return(script, result):
    host = script(INIT + f"def run(raw_data):\n    return {result}\n")
    reply = host.ask()
    assert reply.status == 500
    assert reply.json() == {"message": "An unexpected internal error occurred. Check the logs for more info."}
    assert "cannot be written as JSON" in host.log
    assert "request-1" in host.log


def test_the_script_may_lie_in_a_folder_below_and_finds_its_neighbours_and_its_files(script, code):
    host = script(
        """
        import beside, above, os
        def init():
            pass
        def run(raw_data):
            return [beside.NAME, above.NAME, os.getcwd(), __name__]
        """,
        file="src/score.py",
        files={"src/beside.py": "NAME = 'beside'", "above.py": "NAME = 'above'"},
    )
    assert host.ask().json() == ["beside", "above", str(code), "score"]


def test_modules_of_the_script_may_be_called_like_those_of_the_host(script):
    host = script(
        "import frames, script, answers\ndef init():\n    pass\ndef run(raw_data):\n    return frames.WHO + script.WHO",
        files={"frames.py": "WHO = 'mine'", "script.py": "WHO = ' too'", "answers.py": ""},
    )
    assert host.ask().json() == "mine too"


def test_classes_of_the_script_can_be_pickled(script):
    host = script(
        """
        import pickle
        class Thing:
            pass
        def init():
            pass
        def run(raw_data):
            return type(pickle.loads(pickle.dumps(Thing()))).__name__
        """
    )
    assert host.ask().json() == "Thing"


def test_init_and_run_work_on_the_main_thread(script):
    host = script(
        """
        import sqlite3, threading
        def init():
            global database
            database = sqlite3.connect(":memory:")
        def run(raw_data):
            return [database.execute("select 1").fetchone()[0], threading.current_thread() is threading.main_thread()]
        """
    )
    assert host.ask().json() == [1, True]


def test_the_headers_are_given_to_a_run_that_asks_for_them(script):
    host = script(INIT + "def run(request_headers, data):\n    return [data, request_headers['X-Colour']]\n")
    assert host.ask("1", head=http_head(headers={"x-colour": "blue"})).json() == ["1", "blue"]


def test_a_body_that_is_no_utf_8_is_a_400(script):
    reply = script(INIT + "def run(raw_data):\n    return 1\n").ask(b"\xff\xfe")
    assert reply.status == 400
    assert reply.json()["message"].startswith("Input cannot be decoded as UTF-8")


def test_a_get_gives_its_query_as_if_it_were_the_body(script):
    host = script(INIT + "def run(raw_data):\n    return raw_data\n")
    reply = host.ask(head=http_head("GET", "/score?a=1&b=[1,2]&c=x&a=2"))
    assert json.loads(reply.json()) == {"a": [1, 2], "b": [1, 2], "c": "x"}


@pytest.mark.parametrize(("method", "status"), [("OPTIONS", 200), ("PUT", 405), ("DELETE", 405)])
def test_other_methods_do_not_reach_run(script, method, status):
    host = script(INIT + "def run(raw_data):\n    raise AssertionError('reached')\n")
    assert host.ask(head=http_head(method)).status == status
    assert "reached" not in host.log


def test_prints_and_log_lines_are_in_the_log_at_once_and_nothing_else_is(script):
    host = script(
        """
        import logging
        def init():
            print("loading")
        def run(raw_data):
            print("scoring")
            logging.getLogger("mine").info("told")
            return 1
        """
    )
    host.ask()
    lines = host.log.splitlines()
    assert lines[:2] == ["loading", "scoring"]
    assert lines[2].endswith("mine - told")
    assert len(lines) == 3


def test_logging_set_up_by_the_script_is_its_own(script):
    host = script(
        """
        import logging
        def init():
            logging.basicConfig(level=logging.DEBUG, format="%(levelname)s|%(message)s")
        def run(raw_data):
            logging.debug("deep")
            return 1
        """
    )
    host.ask()
    assert "DEBUG|deep" in host.log


def test_a_driver_module_is_passed_over(script):
    host = script(
        "import real as driver_module\ndef init():\n    driver_module.init()\ndef run(data):\n    return 'driver'\n",
        files={"real.py": "def init():\n    pass\ndef run(data):\n    return 'real'\n"},
    )
    assert host.ask().json() == "real"


def test_describe_without_a_schema_says_so(script):
    said = script(INIT + 'def run(raw_data):\n    """Gives one.\n\n    More."""\n    return 1\n').describe()
    assert said == {
        "input": None,
        "inputExample": None,
        "output": None,
        "outputExample": None,
        "description": "Gives one.",
    }
