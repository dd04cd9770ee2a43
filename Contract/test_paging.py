"""Contract A7: lists come in pages that the stock client follows."""

import pytest

COUNT = 25


@pytest.fixture(scope="module")
def many(wire):
    """A name with more versions than a short page holds."""
    for version in range(1, COUNT + 1):
        reply = wire.put(f"environments/paged/versions/{version}", {"properties": {"image": "ubuntu"}})
        assert reply.status_code in (200, 201), reply.text
    return "paged"


def follow(wire, path, size, **query):
    """All pages of a list."""
    pages = []
    reply = wire.get(path, query={"$top": str(size)} | query)
    while True:
        body = reply.json()
        pages.append([item["name"] for item in body["value"]])
        if not body.get("nextLink"):
            return pages
        assert body["nextLink"].startswith("https://")
        reply = wire.send("GET", body["nextLink"])


def test_the_stock_client_follows_every_page(ml_client, many):
    assert len({environment.version for environment in ml_client.environments.list(many)}) == COUNT


def test_pages_hold_everything_once(wire, many):
    pages = follow(wire, f"environments/{many}/versions", 10)
    names = [name for page in pages for name in page]
    assert sorted(names, key=int) == [str(number) for number in range(1, COUNT + 1)]
    assert all(len(page) <= 10 for page in pages)


def test_every_page_keeps_to_the_view_that_was_asked_for(wire, unique_name):
    name = unique_name("viewed")
    for version in range(1, 7):
        wire.put(
            f"environments/{name}/versions/{version}", {"properties": {"image": "u", "isArchived": version % 2 == 0}}
        )
    for view, wanted in (("All", "123456"), ("ActiveOnly", "135"), ("ArchivedOnly", "246")):
        pages = follow(wire, f"environments/{name}/versions", 2, listViewType=view)
        assert sorted(version for page in pages for version in page) == list(wanted)


def test_the_last_page_has_no_next_link(wire, many):
    body = wire.get(f"environments/{many}/versions", query={"$top": str(COUNT * 2)}).json()
    assert not body.get("nextLink")


def test_an_item_added_while_paging_breaks_nothing(wire, many):
    first = wire.get(f"environments/{many}/versions", query={"$top": "10"}).json()
    wire.put(f"environments/{many}/versions/{COUNT + 100}", {"properties": {"image": "ubuntu"}})
    second = wire.send("GET", first["nextLink"]).json()
    overlap = {item["name"] for item in first["value"]} & {item["name"] for item in second["value"]}
    assert not overlap
    wire.put(f"environments/{many}/versions/{COUNT + 100}", {"properties": {"image": "ubuntu", "isArchived": True}})


def test_a_list_of_nothing_is_an_empty_list(wire):
    assert wire.get("schedules", query={"listViewType": "DisabledOnly"}).json()["value"] == []


@pytest.mark.parametrize("query", [{"$top": "-1"}, {"$top": "ten"}, {"$skip": "not-a-token"}])
def test_a_page_that_makes_no_sense_is_refused(wire, query):
    assert wire.get("environments", query=query).status_code == 400
