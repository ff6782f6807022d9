terraform {
  required_providers {
    onepassword = { source = "1Password/onepassword", version = "3.3.1" }
  }
}

provider "onepassword" {} # OP_CONNECT_HOST, OP_CONNECT_TOKEN

data "onepassword_vault" "deployments" {
  name = "Deployments"
}

data "onepassword_item" "database" {
  vault = data.onepassword_vault.deployments.uuid
  title = "Orders Database"
}

output "login" {
  value = "${data.onepassword_item.database.username} logs in to ${data.onepassword_item.database.hostname}"
}
