package items

import "slices"

// Standard fields of things one signs in to or installs.

// Ids, labels and order are recorded [R SSH key of 2023].
func sshKeySlots() []slot {
	return []slot{
		plain("public_key", "public key"), plain("fingerprint", "fingerprint"),
		{id: "private_key", label: "private key", kind: sshKeyType},
		plain("key_type", "key type"),
	}
}

func apiCredentialSlots() []slot {
	return []slot{
		plain("username", "username"), concealed("credential", "credential"),
		menu("type", "type"), plain("filename", "filename"), // [G]
		date("validFrom", "valid from"),
		date("expires", "expires"), // [G]
		plain("hostname", "hostname"),
	}
}

// The host's label is "server" or "hostname" [C terraform accepts both].
func databaseSlots() []slot {
	return []slot{
		menu("database_type", "type"), plain("hostname", "server"), plain("port", "port"),
		plain("database", "database"), plain("username", "username"), concealed("password", "password"),
		plain("sid", "SID"), plain("alias", "alias"), plain("options", "connection options"), // [G]
	}
}

// The user name and the admin console are confirmed [C terraform], the others
// are not [G].
func serverSlots() []slot {
	return slices.Concat(
		[]slot{link("url", "URL"), plain("username", "username"), concealed("password", "password")},
		in("admin_console", "Admin Console",
			link("admin_console_url", "admin console URL"),
			plain("admin_console_username", "admin console username"),
			concealed("admin_console_password", "console password")),
		in("hosting_provider_details", "Hosting Provider",
			plain("name", "name"), link("website", "website"),
			link("support_contact_url", "support URL"), plain("support_contact_phone", "support phone")),
	)
}

// License key, version, licensee and download page are confirmed [C steampipe,
// terraform], the others and the sections are not [G].
func softwareLicenseSlots() []slot {
	return slices.Concat(
		[]slot{plain("product_version", "version"), plain("reg_code", "license key")},
		in("customer", "Customer",
			plain("reg_name", "licensed to"), mail("reg_email", "registered email"), plain("company", "company")),
		in("publisher", "Publisher",
			link("download_link", "download page"), plain("publisher_name", "publisher"),
			link("publisher_website", "website"), plain("retail_price", "retail price"),
			mail("support_email", "support email")),
		in("order", "Order",
			date("order_date", "purchase date"), plain("order_number", "order number"),
			plain("order_total", "order total")),
	)
}

// [G]
func emailAccountSlots() []slot {
	return slices.Concat(
		[]slot{
			menu("pop_type", "type"), plain("pop_username", "username"), plain("pop_server", "server"),
			plain("pop_port", "port number"), concealed("pop_password", "password"),
			menu("pop_security", "security"), menu("pop_authentication", "auth method"),
		},
		in("SMTP", "SMTP",
			plain("smtp_server", "SMTP server"), plain("smtp_port", "port number"),
			plain("smtp_username", "username"), concealed("smtp_password", "password"),
			menu("smtp_security", "security"), menu("smtp_authentication", "auth method")),
		in("Contact Information", "Contact Information",
			plain("provider", "provider"), plain("provider_website", "provider's website"),
			plain("phone_local", "phone (local)"), plain("phone_tollfree", "phone (toll free)")),
	)
}

// Network, security, password and address are confirmed as being there [C
// terraform], their ids are not [G].
func wirelessRouterSlots() []slot {
	return []slot{
		plain("name", "base station name"), concealed("password", "base station password"),
		plain("server", "server / IP address"), plain("airport_id", "AirPort ID"),
		plain("network_name", "network name"), menu("wireless_security", "wireless security"),
		concealed("wireless_password", "wireless network password"),
		concealed("disk_password", "attached storage password"),
	}
}
