import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sanctionco.opconnect.OPConnectClient;
import com.sanctionco.opconnect.model.Filter;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;

/** A test against the mock in a container, with a Java client. */
@Testcontainers
class ConnectTest {
  private static final String IMAGE =
      Objects.requireNonNullElse(System.getenv("CONNECTMOCK_IMAGE"), "ghcr.io/connectmock/connectmock:0.2.0");
  private static final String TOKEN = "any-word-you-like"; // opens nothing but this mock

  @Container
  private static final GenericContainer<?> MOCK = new GenericContainer<>(IMAGE)
      .withExposedPorts(8080)
      .withEnv("CONNECTMOCK_STORE", "memory:")
      .withEnv("CONNECTMOCK_TOKEN", "test=" + TOKEN)
      .withEnv("CONNECTMOCK_CONTROL_ADDR", "off")
      .withEnv("CONNECTMOCK_QUIRK", "actor-ip=ip") // for listAPIActivity of this client
      .waitingFor(Wait.forHttp("/heartbeat").forPort(8080));

  @Test
  void findsTheOrdersDatabase() {
    OPConnectClient client = OPConnectClient.builder()
        .withEndpoint("http://" + MOCK.getHost() + ":" + MOCK.getMappedPort(8080))
        .withAccessToken(TOKEN)
        .build();
    String vault = client.listVaults(Filter.name().equals("Deployments")).join().get(0).getId();
    assertEquals(1, client.listItems(vault, Filter.title().equals("Orders Database")).join().size());
    client.close();
  }
}
