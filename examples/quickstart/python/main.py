from onepasswordconnectsdk.client import new_client_from_environment

client = new_client_from_environment()  # OP_CONNECT_HOST, OP_CONNECT_TOKEN
item = client.get_item("Orders Database", "Deployments")
value = {field.id: field.value for field in item.fields}
print(f"{value['username']} logs in to {value['hostname']}")
