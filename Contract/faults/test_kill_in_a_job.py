"""The server, the supervisor or the host takes a blow while a job runs."""

import os
import signal

import pytest
from processes import processes_with, resident_megabytes

from lazuli_wire import Wire
from run_history import end_of, failure_of, log_of, wait_for_line
from waiting import wait_until

COUNT = "i=0; while [ $i -lt 60 ]; do echo line-$i; i=$((i+1)); sleep 0.1; done; echo the-end"


def submit(wire, name, line, **properties):
    body = {"jobType": "Command", "command": line, "environmentId": "azureml:AzureML-minimal@latest"} | properties
    reply = wire.put(f"jobs/{name}", {"properties": body})
    assert reply.status_code in (200, 201), reply.text
    return name


@pytest.mark.parametrize("after", ["line-3", "line-30"])
def test_a_job_runs_on_while_the_server_is_dead_and_its_end_is_whole(fragile_server, after):
    server = fragile_server()
    wire = Wire(server)
    name = submit(wire, "survivor", COUNT)
    wait_for_line(wire, name, after)
    server.kill()
    again = Wire(fragile_server(server.home))
    assert end_of(again, name) == "Completed"
    assert log_of(again, name).splitlines() == [f"line-{number}" for number in range(60)] + ["the-end"]


def test_a_job_that_ended_while_the_server_was_dead_is_known_afterwards(fragile_server):
    server = fragile_server()
    wire = Wire(server)
    name = submit(wire, "short", "echo begun; sleep 2; echo ended; exit 3")
    wait_for_line(wire, name, "begun")
    server.kill()
    wait_until(lambda: not processes_with("echo begun; sleep 2"), "the job ends without a server")
    again = Wire(fragile_server(server.home))
    assert end_of(again, name) == "Failed"
    assert "ended" in log_of(again, name)
    assert "3" in failure_of(again, name)


def test_a_queued_job_starts_after_the_server_came_back(fragile_server):
    server = fragile_server()
    wire = Wire(server)
    cluster = {
        "computeType": "AmlCompute",
        "properties": {"vmSize": "Standard_D2_v2", "scaleSettings": {"maxNodeCount": 1}},
    }
    wire.put("computes/one", {"location": "local", "properties": cluster})
    first = submit(wire, "first", "echo first; sleep 4", computeId=wire.here("computes/one"))
    wait_for_line(wire, first, "first")
    second = submit(wire, "second", "echo second", computeId=wire.here("computes/one"))
    server.kill()
    again = Wire(fragile_server(server.home))
    assert (end_of(again, first), end_of(again, second)) == ("Completed", "Completed")


def test_a_job_whose_supervisor_is_killed_has_failed_for_that_reason(fragile_server):
    server = fragile_server()
    wire = Wire(server)
    name = submit(wire, "orphan", "echo under-way; sleep 300")
    wait_for_line(wire, name, "under-way")
    supervisors = [pid for pid in processes_with(str(server.home)) if pid != server.process.pid]
    assert supervisors, "no supervisor of this job was found"
    for pid in supervisors:
        os.kill(pid, signal.SIGKILL)
    assert end_of(wire, name) == "Failed"
    assert "supervisor" in failure_of(wire, name).lower()


def test_a_cancelled_job_stays_cancelled_through_a_restart(fragile_server):
    server = fragile_server()
    wire = Wire(server)
    name = submit(wire, "stubborn", "trap '' TERM; echo deaf; while true; do sleep 0.2; done")
    wait_for_line(wire, name, "deaf")
    wire.post(f"jobs/{name}/cancel")
    server.kill()
    again = Wire(fragile_server(server.home))
    assert end_of(again, name) == "Canceled"
    wait_until(lambda: not processes_with("echo deaf; while true"), "nothing of the job is left", 30)


def test_a_job_that_forks_into_the_background_ends_with_its_command(fragile_server):
    wire = Wire(fragile_server())
    name = submit(wire, "forking", "(sleep 301 &) ; (setsid sleep 302 &) ; echo parent-done")
    assert end_of(wire, name) == "Completed"
    wait_until(lambda: not processes_with("sleep\x00301"), "the child is gone", 30)
    wait_until(lambda: not processes_with("sleep\x00302"), "the child with a session of its own is gone", 30)


def test_a_job_that_prints_without_end_does_not_grow_the_server(fragile_server):
    server = fragile_server()
    wire = Wire(server)
    before = resident_megabytes(server.process.pid)
    name = submit(wire, "loud", "head -c 200000000 /dev/zero | tr '\\0' 'x' | fold -w 200")
    assert end_of(wire, name) in ("Completed", "Failed")
    assert resident_megabytes(server.process.pid) - before < 150
