package connect

import "slices"

// Standard fields of accounts, devices and software.

// Ids, labels and order are recorded [R SSH key of 2023].
func sshKeyFields() []StandardField {
	return []StandardField{
		textField("public_key", "public key"), textField("fingerprint", "fingerprint"),
		{ID: "private_key", Label: "private key", Type: "SSHKEY"},
		textField("key_type", "key type"),
	}
}

func apiCredentialFields() []StandardField {
	return []StandardField{
		textField("username", "username"), concealedField("credential", "credential"),
		menuField("type", "type"), textField("filename", "filename"), // [G]
		dateField("validFrom", "valid from"),
		dateField("expires", "expires"), // [G]
		textField("hostname", "hostname"),
	}
}

// The host's label is "server" or "hostname" [C terraform accepts both].
func databaseFields() []StandardField {
	return []StandardField{
		menuField("database_type", "type"), textField("hostname", "server"), textField("port", "port"),
		textField("database", "database"), textField("username", "username"), concealedField("password", "password"),
		textField("sid", "SID"), textField("alias", "alias"), textField("options", "connection options"), // [G]
	}
}

// The user name and the admin console are confirmed [C terraform], the others are not [G].
func serverFields() []StandardField {
	return slices.Concat(
		[]StandardField{
			linkField("url", "URL"), textField("username", "username"), concealedField("password", "password"),
		},
		inSection("admin_console", "Admin Console",
			linkField("admin_console_url", "admin console URL"),
			textField("admin_console_username", "admin console username"),
			concealedField("admin_console_password", "console password")),
		inSection("hosting_provider_details", "Hosting Provider",
			textField("name", "name"), linkField("website", "website"),
			linkField("support_contact_url", "support URL"), textField("support_contact_phone", "support phone")),
	)
}

// License key, version, licensee and download page are confirmed [C steampipe, terraform], the others and the sections
// are not [G].
func softwareLicenseFields() []StandardField {
	return slices.Concat(
		[]StandardField{textField("product_version", "version"), textField("reg_code", "license key")},
		inSection("customer", "Customer",
			textField("reg_name", "licensed to"), mailField("reg_email", "registered email"),
			textField("company", "company")),
		inSection("publisher", "Publisher",
			linkField("download_link", "download page"), textField("publisher_name", "publisher"),
			linkField("publisher_website", "website"), textField("retail_price", "retail price"),
			mailField("support_email", "support email")),
		inSection("order", "Order",
			dateField("order_date", "purchase date"), textField("order_number", "order number"),
			textField("order_total", "order total")),
	)
}

// [G]
func emailAccountFields() []StandardField {
	return slices.Concat(
		[]StandardField{
			menuField("pop_type", "type"), textField("pop_username", "username"), textField("pop_server", "server"),
			textField("pop_port", "port number"), concealedField("pop_password", "password"),
			menuField("pop_security", "security"), menuField("pop_authentication", "auth method"),
		},
		inSection("SMTP", "SMTP",
			textField("smtp_server", "SMTP server"), textField("smtp_port", "port number"),
			textField("smtp_username", "username"), concealedField("smtp_password", "password"),
			menuField("smtp_security", "security"), menuField("smtp_authentication", "auth method")),
		inSection("Contact Information", "Contact Information",
			textField("provider", "provider"), textField("provider_website", "provider's website"),
			textField("phone_local", "phone (local)"), textField("phone_tollfree", "phone (toll free)")),
	)
}

// Network, security, password and address exist [C terraform]; their ids are guesses [G].
func wirelessRouterFields() []StandardField {
	return []StandardField{
		textField("name", "base station name"), concealedField("password", "base station password"),
		textField("server", "server / IP address"), textField("airport_id", "AirPort ID"),
		textField("network_name", "network name"), menuField("wireless_security", "wireless security"),
		concealedField("wireless_password", "wireless network password"),
		concealedField("disk_password", "attached storage password"),
	}
}
