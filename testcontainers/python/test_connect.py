"""A test against the mock in a container, with the official Python client."""

import os

import pytest
from onepasswordconnectsdk.client import new_client
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HttpWaitStrategy

IMAGE = os.environ.get("CONNECTMOCK_IMAGE", "ghcr.io/connectmock/connectmock:0.2.0")
TOKEN = "any-word-you-like"  # opens nothing but this mock


@pytest.fixture(scope="session")
def client():
    container = (
        DockerContainer(IMAGE)
        .with_exposed_ports(8080)
        .with_env("CONNECTMOCK_STORE", "memory:")
        .with_env("CONNECTMOCK_TOKEN", f"test={TOKEN}")
        .with_env("CONNECTMOCK_CONTROL_ADDR", "off")
        .waiting_for(HttpWaitStrategy(8080, "/heartbeat"))
    )
    with container:
        yield new_client(f"http://{container.get_container_host_ip()}:{container.get_exposed_port(8080)}", TOKEN)


def test_finds_the_orders_database(client):
    item = client.get_item("Orders Database", "Deployments")
    assert {field.id: field.value for field in item.fields}["username"] == "orders_app"
