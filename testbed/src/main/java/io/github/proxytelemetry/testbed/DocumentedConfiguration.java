package io.github.proxytelemetry.testbed;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Configurations of other proxies, as their documentation gives them. */
public enum DocumentedConfiguration {
  /** KrakenD's JSON, for one Prometheus and one collector. */
  KRAKEND("krakend.json"),
  /** How the tunnel gateway's data plane is started. */
  PROXY("proxy.sh"),
  /** How the tunnel gateway's control plane is started. */
  CONTROLLER("controller.sh");

  private final String resource;

  DocumentedConfiguration(String resource) {
    this.resource = resource;
  }

  /** Its text. */
  public String text() {
    try (InputStream in = DocumentedConfiguration.class.getResourceAsStream(resource)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
