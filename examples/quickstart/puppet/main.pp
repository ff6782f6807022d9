$database = lookup('Orders Database')
notice("${database['username']} logs in to ${database['server']}")
