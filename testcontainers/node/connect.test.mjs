// A test against the mock in a container, with the official JavaScript client.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { OnePasswordConnect } from "@1password/connect";
import { GenericContainer, Wait } from "testcontainers";

const image = process.env.CONNECTMOCK_IMAGE ?? "ghcr.io/connectmock/connectmock:0.2.0";
const token = "any-word-you-like"; // opens nothing but this mock
let container, client;

before(async () => {
  container = await new GenericContainer(image)
    .withExposedPorts(8080)
    .withEnvironment({ CONNECTMOCK_STORE: "memory:", CONNECTMOCK_TOKEN: `test=${token}`, CONNECTMOCK_CONTROL_ADDR: "off" })
    .withWaitStrategy(Wait.forHttp("/heartbeat", 8080))
    .start();
  const serverURL = `http://${container.getHost()}:${container.getMappedPort(8080)}`;
  client = OnePasswordConnect({ serverURL, token });
});

after(() => container?.stop());

test("finds the orders database", async () => {
  const vault = await client.getVaultByTitle("Deployments");
  const item = await client.getItemByTitle(vault.id, "Orders Database");
  assert.equal(item.fields.find((field) => field.id === "username").value, "orders_app");
});
