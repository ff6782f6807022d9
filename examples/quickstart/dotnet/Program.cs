using JeppeStaerk.OnePasswordConnect.Sdk;
using JeppeStaerk.OnePasswordConnect.Sdk.Extensions;
using Microsoft.Extensions.DependencyInjection;

using var services = new ServiceCollection()
    .AddLogging()
    .AddOnePasswordConnect(
        Environment.GetEnvironmentVariable("OP_CONNECT_HOST")!,
        Environment.GetEnvironmentVariable("OP_CONNECT_TOKEN")!)
    .BuildServiceProvider();
var client = services.GetRequiredService<OnePasswordConnectClient>();

var vault = (await client.Vaults.GetVaultsAsync("name eq \"Deployments\""))[0];
var found = (await client.Items.GetVaultItemsAsync(vault.Id!, "title eq \"Orders Database\""))[0];
var item = await client.Items.GetVaultItemByIdAsync(vault.Id!, found.Id!);
string? Value(string id) => item.Fields!.First(field => field.Id == id).Value;
Console.WriteLine($"{Value("username")} logs in to {Value("hostname")}");
