package io.github.proxytelemetry.httpclient;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerHeadersTest {
  private static final String NAME = "Server-Timing";

  @Test
  void replacesAReadOnlyList() {
    Headers headers = new Headers();
    headers.put(NAME, List.of("a"));
    ServerHeaders.ACCESS.add(headers, NAME, "b");
    ServerHeaders.ACCESS.add(headers, NAME, "c");
    assertThat(headers.get(NAME)).containsExactly("a", "b", "c");
  }

  /** The host may add further values afterwards. */
  @Test
  void leavesListsThatTheHostCanAddTo() {
    Headers headers = new Headers();
    ServerHeaders.ACCESS.add(headers, NAME, "a");
    ServerHeaders.ACCESS.set(headers, "Traceparent", "b");
    headers.add(NAME, "c");
    headers.add("Traceparent", "d");
    assertThat(headers.get(NAME)).containsExactly("a", "c");
    assertThat(headers.get("Traceparent")).containsExactly("b", "d");
  }

  @Test
  void readsAnEmptyList() {
    Headers headers = new Headers();
    headers.put(NAME, List.of());
    assertThat(ServerHeaders.ACCESS.get(headers, NAME)).isNull();
  }

  /** A filter of the host may pass on an exchange with read-only headers. */
  @Test
  void leavesFrozenHeadersUnchanged() {
    Headers headers = new FrozenHeaders();
    ServerHeaders.ACCESS.add(headers, NAME, "a");
    ServerHeaders.ACCESS.set(headers, NAME, "a");
    ServerHeaders.ACCESS.remove(headers, NAME);
    assertThat(headers.isEmpty()).isTrue();
  }

  private static final class FrozenHeaders extends Headers {
    @Override
    public List<String> put(String name, List<String> values) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void set(String name, String value) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<String> remove(Object name) {
      throw new UnsupportedOperationException();
    }
  }
}
