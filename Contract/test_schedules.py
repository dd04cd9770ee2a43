"""Contract B10: schedules are stored, shown, switched and deleted; firing them is a later part."""

import pytest
from azure.ai.ml.constants import TimeZone
from azure.ai.ml.entities import CronTrigger, JobSchedule, RecurrencePattern, RecurrenceTrigger
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from running_jobs import one_step_pipeline


@pytest.fixture
def pipeline_job(folder):
    return one_step_pipeline(folder)


@pytest.fixture
def scheduled(ml_client, pipeline_job, unique_name):
    """Makes a schedule with a trigger and deletes it afterwards."""
    made = []

    def make(trigger):
        schedule = JobSchedule(name=unique_name("schedule"), trigger=trigger, create_job=pipeline_job)
        made.append(ml_client.schedules.begin_create_or_update(schedule=schedule).result())
        return made[-1]

    yield make
    for schedule in made:
        ml_client.schedules.begin_disable(schedule.name).result()
        ml_client.schedules.begin_delete(schedule.name).wait()


def test_a_recurrence_is_stored_and_enabled(ml_client, scheduled):
    schedule = scheduled(RecurrenceTrigger(frequency="minute", interval=1))
    stored = ml_client.schedules.get(schedule.name)
    assert (stored.trigger.frequency, stored.trigger.interval) == ("minute", 1)
    assert stored.is_enabled is True
    assert stored.provisioning_state == "Succeeded"


def test_a_recurrence_keeps_its_pattern_and_zone(ml_client, scheduled):
    trigger = RecurrenceTrigger(
        frequency="week",
        interval=2,
        schedule=RecurrencePattern(hours=10, minutes=[0, 30], week_days=["monday"]),
        time_zone=TimeZone.PACIFIC_STANDARD_TIME,
    )
    stored = ml_client.schedules.get(scheduled(trigger).name).trigger
    assert (stored.schedule.minutes, stored.time_zone) == ([0, 30], "Pacific Standard Time")


def test_a_cron_expression_is_stored(ml_client, scheduled):
    schedule = scheduled(CronTrigger(expression="0 9 * * 1", time_zone="UTC"))
    assert ml_client.schedules.get(schedule.name).trigger.expression == "0 9 * * 1"


def test_a_schedule_is_switched_off_and_on(ml_client, scheduled):
    name = scheduled(CronTrigger(expression="0 9 * * 1")).name
    ml_client.schedules.begin_disable(name).result()
    assert ml_client.schedules.get(name).is_enabled is False
    assert name not in {schedule.name for schedule in ml_client.schedules.list()}
    ml_client.schedules.begin_enable(name).result()
    assert ml_client.schedules.get(name).is_enabled is True
    assert name in {schedule.name for schedule in ml_client.schedules.list()}


def test_a_deleted_schedule_is_gone(ml_client, pipeline_job, unique_name):
    name = unique_name("short")
    schedule = JobSchedule(name=name, trigger=CronTrigger(expression="0 9 * * 1"), create_job=pipeline_job)
    ml_client.schedules.begin_create_or_update(schedule).result()
    ml_client.schedules.begin_delete(name).wait()
    with pytest.raises(ResourceNotFoundError):
        ml_client.schedules.get(name)


def test_a_cron_expression_that_is_none_is_refused(ml_client, wire, scheduled, unique_name):
    body = wire.get(f"schedules/{scheduled(CronTrigger(expression='0 9 * * 1')).name}").json()["properties"]
    body["trigger"] = {"triggerType": "Cron", "expression": "61 9 * *", "timeZone": "UTC"}
    reply = wire.put(f"schedules/{unique_name('odd')}", {"properties": body})
    assert reply.status_code == 400
    assert "61 9 * *" in reply.text


def test_firing_a_schedule_by_hand_says_that_it_is_not_built(ml_client, scheduled):
    name = scheduled(CronTrigger(expression="0 9 * * 1")).name
    with pytest.raises(HttpResponseError) as refusal:
        ml_client.schedules.trigger(name)
    assert refusal.value.status_code == 501
