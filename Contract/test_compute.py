"""Contract B7: compute instances, clusters, sizes, and how jobs use them."""

import pytest
from azure.ai.ml import load_compute
from azure.ai.ml.entities import AmlCompute, ComputeInstance
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from run_history import everything_told, log_of
from running_jobs import complete, shell_job, wait_for_status
from waiting import wait_until

NAMED_IN_THE_DOCUMENTS = [
    "STANDARD_DS3_v2",
    "STANDARD_DS11_V2",
    "Standard_DS2_v2",
    "Standard_F4s_v2",
    "Standard_D2_v2",
]


@pytest.fixture
def cluster(ml_client, unique_name):
    """A cluster of one node, so that a second job must wait."""
    wanted = AmlCompute(
        name=unique_name("cluster"), size="STANDARD_DS3_v2", min_instances=0, max_instances=1, location="local"
    )
    made = ml_client.begin_create_or_update(wanted).result()
    yield made
    ml_client.compute.begin_delete(made.name).wait()


def test_an_instance_is_made_and_runs(ml_client, unique_name):
    name = unique_name("ci")
    instance = ml_client.begin_create_or_update(ComputeInstance(name=name, size="STANDARD_DS3_v2")).result()
    assert instance.provisioning_state == "Succeeded"
    assert instance.state == "Running"


def test_an_instance_stops_starts_and_restarts(ml_client, unique_name):
    name = unique_name("ci")
    ml_client.begin_create_or_update(ComputeInstance(name=name, size="STANDARD_DS3_v2")).result()
    for call, state in (
        (ml_client.compute.begin_stop, "Stopped"),
        (ml_client.compute.begin_start, "Running"),
        (ml_client.compute.begin_restart, "Running"),
    ):
        call(name).wait()
        wait_until(lambda wanted=state: ml_client.compute.get(name).state == wanted, f"{name} is {state}")


def test_a_cluster_keeps_what_it_was_made_with(ml_client, unique_name):
    wanted = AmlCompute(
        name=unique_name("cpu"),
        type="amlcompute",
        size="STANDARD_DS3_v2",
        location="westus",
        min_instances=0,
        max_instances=2,
        idle_time_before_scale_down=120,
        tier="low_priority",
    )
    made = ml_client.begin_create_or_update(wanted).result()
    stored = ml_client.compute.get(made.name)
    assert (stored.min_instances, stored.max_instances) == (0, 2)
    assert stored.idle_time_before_scale_down == 120
    assert stored.tier.lower().replace("_", "") == "lowpriority"
    assert stored.location == "westus"
    assert stored.size.lower() == "standard_ds3_v2"


def test_what_the_client_dumps_of_a_cluster_can_be_loaded(ml_client, cluster, folder):
    ml_client.compute.get(cluster.name).dump(folder / "cluster.yml")
    again = ml_client.compute.begin_create_or_update(load_compute(source=folder / "cluster.yml")).result()
    assert again.name == cluster.name


def test_clusters_are_listed_and_deleted(ml_client, cluster, unique_name):
    assert cluster.name in {compute.name for compute in ml_client.compute.list()}
    other = AmlCompute(name=unique_name("gone"), size="STANDARD_DS3_v2", location="local")
    ml_client.begin_create_or_update(other).result()
    ml_client.compute.begin_delete(other.name).wait()
    with pytest.raises(ResourceNotFoundError):
        ml_client.compute.get(other.name)


def test_a_cluster_can_be_made_larger(ml_client, cluster):
    cluster.max_instances = 3
    ml_client.compute.begin_update(cluster).result()
    assert ml_client.compute.get(cluster.name).max_instances == 3


def test_the_sizes_of_the_documents_are_offered_with_processors_and_memory(ml_client):
    sizes = {size.name.lower(): size for size in ml_client.compute.list_sizes(location="local")}
    for name in NAMED_IN_THE_DOCUMENTS:
        size = vars(sizes[name.lower()])
        assert size["vCPUs"] >= 1
        assert size["memoryGB"] > 0


def test_an_unknown_size_is_refused_with_near_ones(ml_client, unique_name):
    with pytest.raises(HttpResponseError, match="(?i)STANDARD_DS3_v2") as refusal:
        ml_client.begin_create_or_update(
            AmlCompute(name=unique_name("odd"), size="STANDARD_DS3_v22", location="local")
        ).result()
    assert refusal.value.status_code == 400


def test_an_unknown_compute_is_refused_at_submit(ml_client, cluster):
    with pytest.raises(HttpResponseError, match=cluster.name) as refusal:
        ml_client.jobs.create_or_update(shell_job("echo never", compute=cluster.name[:-1]))
    assert refusal.value.status_code in (400, 404)


def test_a_job_runs_on_a_cluster_that_had_no_node(ml_client, wire, cluster):
    job = complete(ml_client, wire, shell_job("echo on the cluster", compute=cluster.name))
    assert "on the cluster" in log_of(wire, job.name)


def test_a_job_runs_on_a_compute_instance(ml_client, wire, unique_name):
    name = unique_name("ci")
    ml_client.begin_create_or_update(ComputeInstance(name=name, size="STANDARD_DS3_v2")).result()
    complete(ml_client, wire, shell_job("echo on the instance", compute=name))


def test_a_second_job_waits_for_the_only_node_and_says_for_what(ml_client, wire, cluster):
    first = ml_client.jobs.create_or_update(shell_job("sleep 60", compute=cluster.name))
    wait_for_status(ml_client, first.name, {"Running"})
    second = ml_client.jobs.create_or_update(shell_job("echo second", compute=cluster.name))
    assert ml_client.jobs.get(second.name).status in ("Queued", "NotStarted")
    wait_until(lambda: "wait" in everything_told(wire, second.name).lower(), "the job says what it waits for", 10)
    ml_client.jobs.begin_cancel(first.name).wait()
    complete(ml_client, wire, second.name)


def test_a_job_on_a_small_size_sees_its_limits(ml_client, wire, unique_name):
    name = unique_name("small")
    ml_client.begin_create_or_update(AmlCompute(name=name, size="Standard_D2_v2", location="local")).result()
    job = complete(ml_client, wire, shell_job("nproc; env | grep -i -E 'OMP_|CPU' || true", compute=name))
    assert int(log_of(wire, job.name).split()[0]) <= 2
