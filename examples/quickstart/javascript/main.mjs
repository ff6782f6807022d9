import { OnePasswordConnect } from "@1password/connect";

const { OP_CONNECT_HOST: serverURL, OP_CONNECT_TOKEN: token } = process.env;
const client = OnePasswordConnect({ serverURL, token });
const vault = await client.getVaultByTitle("Deployments");
const item = await client.getItemByTitle(vault.id, "Orders Database");
const value = Object.fromEntries(item.fields.map((field) => [field.id, field.value]));
console.log(`${value.username} logs in to ${value.hostname}`);
