{{ op://Deployments/Orders Database/username }} logs in to {{ op://Deployments/Orders Database/server }}
