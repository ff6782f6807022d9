Import-Module ./Ps1Password

$token = ConvertTo-SecureString $env:OP_CONNECT_TOKEN -AsPlainText -Force
$vault = Get-1PasswordVault -Token $token -ConnectServer $env:OP_CONNECT_HOST | Where-Object Name -eq 'Deployments'
$found = Get-1PasswordVaultItem -VaultUUID $vault.Id | Where-Object Title -eq 'Orders Database'
$item = Get-1PasswordItemDetails -VaultUUID $vault.Id -ItemUUID $found.Id
$value = @{}
$item.Fields | ForEach-Object { $value[$_.Id] = $_.Value }
"$($value['username']) logs in to $($value['hostname'])"
