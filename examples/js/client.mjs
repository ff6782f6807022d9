// Calls every method of the official JavaScript client on a server with the demo
// fixture. Usage: node client.mjs READY_FILE, the file that serve --ready-file writes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { FullItem, ItemBuilder, OnePasswordConnect, OPConnect } from "@1password/connect";

const ready = JSON.parse(readFileSync(process.argv[2], "utf8"));
const unknownId = "a".repeat(26);
const called = new Set();

// connect returns a client, and records which of its methods were called.
function connect(token) {
  const client = OnePasswordConnect({ serverURL: ready.url, token });
  return new Proxy(client, {
    get(target, name) {
      if (Object.hasOwn(OPConnect.prototype, name)) called.add(name);
      return target[name];
    },
  });
}

let passed = 0;
let failed = 0;
async function check(name, body) {
  try {
    await body();
    passed++;
    console.log(`ok      ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAILED  ${name}: ${error.stack ?? JSON.stringify(error)}`);
  }
}

// rejects checks that a promise is rejected with the body of an error response.
const rejects = (promise, status, message) =>
  assert.rejects(promise, (error) => {
    assert.equal(error.status, status);
    assert.match(error.message, message);
    return true;
  });

const readAll = async (stream) => {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const field = (item, id) => item.fields.find((f) => f.id === id);

const op = connect(ready.token);
const vaults = await op.listVaults();
const deployments = vaults.find((v) => v.name === "Deployments");
const office = vaults.find((v) => v.name === "Office");

await check("lists vaults", async () => {
  assert.deepEqual(vaults.map((v) => v.name), ["Deployments", "Office", "Ada's Own"]);
  for (const vault of vaults) {
    assert.match(vault.id, /^[a-z0-9]{26}$/);
    assert.ok(vault.createdAt instanceof Date && vault.items > 0);
  }
});

await check("finds a vault by id and title", async () => {
  for (const found of [
    await op.getVault(office.id), await op.getVault("Office"),
    await op.getVaultById(office.id), await op.getVaultByTitle("office"),
  ]) assert.deepEqual(found, office);
  assert.equal((await op.listVaultsByTitle("Ada's Own")).length, 1);
  assert.deepEqual(await op.listVaultsByTitle("Unknown"), []);
});

await check("lists items without their fields", async () => {
  const items = await op.listItems(deployments.id);
  assert.equal(items.length, deployments.items);
  for (const item of items) {
    assert.equal(item.vault.id, deployments.id);
    assert.equal(item.fields, undefined);
  }
});

await check("finds items by title, part of the title, and id", async () => {
  const item = await op.getItemByTitle(office.id, "Time Tracker");
  assert.equal(field(item, "password").value, "mosaic-harbor-cinder-88");
  assert.deepEqual(item.tags, ["daily", "hr"]);
  for (const found of [
    await op.getItemById(office.id, item.id), await op.getItem(office.id, item.id), await op.getItem(office.id, "time tracker"),
  ]) assert.equal(found.id, item.id);
  const twins = await op.listItemsByTitle(deployments.id, "Staging Server");
  assert.equal(twins.length, 2);
  assert.ok(twins.every((twin) => field(twin, "username").value === "deploy"));
  const found = await op.listItemsByTitleContains(office.id, "COMPANY");
  assert.deepEqual(found.map((i) => i.title), ["Company Card", "Company Account"]);
  assert.deepEqual(await op.listItemsByTitleContains(office.id, "no such thing"), []);
});

await check("reads the current one-time password", async () => {
  assert.match(await op.getItemOTP(office.id, "Time Tracker"), /^\d{6}$/);
});

let created;
await check("creates an item from a builder", async () => {
  const item = new ItemBuilder()
    .setCategory("LOGIN")
    .setTitle("Queue")
    .addTag("b")
    .addTag("a")
    .addUrl({ href: "https://queue.example.com", primary: true })
    .addField({ purpose: "USERNAME", value: "worker" })
    .addField({ purpose: "PASSWORD", generate: true, recipe: { length: 20, characterSets: ["LETTERS", "DIGITS"] } })
    .addField({ label: "vhost", value: "/main", sectionName: "Extra" })
    .build();
  created = await op.createItem(deployments.id, item);
  assert.equal(created.version, 1);
  assert.deepEqual(created.tags, ["a", "b"]);
  assert.match(field(created, "password").value, /^[A-Za-z0-9]{20}$/);
  assert.ok(field(created, "notesPlain"));
  assert.equal(created.fields.find((f) => f.label === "vhost").section.id, created.sections[0].id);
  assert.deepEqual(await op.getItem(deployments.id, "Queue"), created);
});

await check("updates an item; the response has the old version", async () => {
  created.title = "Message Queue";
  field(created, "username").value = "consumer";
  const updated = await op.updateItem(deployments.id, created);
  assert.equal(updated.version, 1);
  const read = await op.getItemById(deployments.id, created.id);
  assert.equal(read.version, 2);
  assert.equal(read.title, "Message Queue");
  assert.equal(field(read, "username").value, "consumer");
  assert.equal(field(read, "password").value, field(created, "password").value);
});

await check("deletes items by id and title", async () => {
  await op.deleteItem(deployments.id, created.id);
  await rejects(op.getItemById(deployments.id, created.id), 404, /not found/);
  await rejects(op.deleteItemById(deployments.id, created.id), 404, /not found/);
  for (const title of ["First", "Second"]) {
    await op.createItem(deployments.id, new ItemBuilder().setCategory("SECURE_NOTE").setTitle(title).build());
  }
  await op.deleteItemByTitle(deployments.id, "First");
  await op.deleteItem(deployments.id, "Second");
  const vault = await op.getVaultById(deployments.id);
  assert.equal(vault.items, deployments.items);
  assert.equal(vault.contentVersion, deployments.contentVersion + 7);
});

await check("lists files and their details", async () => {
  const files = await op.listFiles("Deployments", "Deploy Certificates");
  assert.deepEqual(files.map((f) => f.name), ["chain.pem", "keystore.p12", "release-bundle.tar.gz"]);
  for (const file of files) {
    const detail = await op.getFileById(deployments.id, "Deploy Certificates", file.id);
    assert.deepEqual(detail, file);
  }
  assert.deepEqual(await op.listFiles(deployments.id, "Web Shop Admin"), []);
});

await check("reads the content of files, text and bytes", async () => {
  const [chain, keystore, bundle] = await op.listFiles("Deployments", "Deploy Certificates");
  assert.match(await op.getFileContent("Deployments", "Deploy Certificates", chain.id), /^-----BEGIN CERTIFICATE-----\n/);
  for (const file of [keystore, bundle]) {
    const bytes = await readAll(await op.getFileContentStream("Deployments", "Deploy Certificates", file.id));
    assert.equal(bytes.length, file.size);
  }
  const bytes = await readAll(await op.getFileContentStream("Deployments", "Deploy Certificates", keystore.id));
  assert.equal(bytes.toString("base64"), "AAECA//+/fwwgg0KGgAAAH9PTUc=");
});

await check("gets errors with status and message", async () => {
  await rejects(op.getVaultById("Office"), 400, /^Invalid Vault UUID$/);
  await rejects(op.getItemById(office.id, "Time Tracker"), 400, /^Invalid Item UUID$/);
  await rejects(op.getVaultById(unknownId), 403, /^Authorization: token does not have access to vault/);
  await rejects(op.getItemById(office.id, unknownId), 404, new RegExp(`^item ${unknownId} not found$`));
  await rejects(op.getFileById(office.id, "Rental Contract", unknownId), 404, new RegExp(`^file ${unknownId} not found$`));
  await rejects(op.getVaultByTitle("Demo & Co"), 400, /filter/); // the client does not encode the &
  const document = Object.assign(new FullItem(), { title: "t", category: "DOCUMENT" });
  await rejects(op.createItem(office.id, document), 400, /can't be created/);
});

await check("gets errors for tokens without access", async () => {
  for (const name of ["expired", "revoked"]) {
    await rejects(connect(ready.tokens[name]).listVaults(), 401, /^Invalid bearer token$/);
  }
  await rejects(connect("nonsense").listVaults(), 401, /^Invalid bearer token$/);
  const reader = connect(ready.tokens["read-only"]);
  const note = new ItemBuilder().setCategory("SECURE_NOTE").setTitle("n").build();
  await rejects(reader.createItem(office.id, note), 403, /does not have permission to perform create on vault/);
  assert.deepEqual((await connect(ready.tokens["one-vault"]).listVaults()).map((v) => v.name), ["Deployments"]);
});

await check("called every method of the client", async () => {
  const offered = Object.getOwnPropertyNames(OPConnect.prototype).filter((name) => name !== "constructor");
  assert.deepEqual(offered.filter((name) => !called.has(name)), []);
});

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
