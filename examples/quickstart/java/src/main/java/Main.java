import com.sanctionco.opconnect.OPConnectClient;
import com.sanctionco.opconnect.model.*;

public class Main {
  public static void main(String[] args) {
    OPConnectClient client = OPConnectClient.builder()
        .withEndpoint(System.getenv("OP_CONNECT_HOST")).withAccessToken(System.getenv("OP_CONNECT_TOKEN")).build();
    String vault = client.listVaults(Filter.name().equals("Deployments")).join().get(0).getId();
    String found = client.listItems(vault, Filter.title().equals("Orders Database")).join().get(0).getId();
    Item item = client.getItem(vault, found).join();
    System.out.println(value(item, "username") + " logs in to " + value(item, "hostname"));
    client.close();
  }

  static String value(Item item, String id) {
    return item.getFields().stream().filter(f -> f.getId().equals(id)).findFirst().orElseThrow().getValue();
  }
}
