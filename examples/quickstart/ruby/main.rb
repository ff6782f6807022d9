require "delegate" # op_connect uses it and does not load it
require "op_connect"

client = OpConnect::Client.new(access_token: ENV["OP_CONNECT_TOKEN"], api_endpoint: "#{ENV["OP_CONNECT_HOST"]}/v1")
vault = client.vaults(filter: 'name eq "Deployments"').first
found = client.items(vault_id: vault.id, filter: 'title eq "Orders Database"').first
item = client.item(vault_id: vault.id, id: found.id)
value = item.fields.to_h { |field| [field.id, field.value] }
puts "#{value["username"]} logs in to #{value["hostname"]}"
