package io.github.proxytelemetry.examples.netty;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.proxytelemetry.Scope;
import io.github.proxytelemetry.otel.BufferSizes;
import io.github.proxytelemetry.sdk.Configuration;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdkBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Proxy whose telemetry is set up by a configuration alone. It prints the port for clients, exports
 * at each line of its input, and stops at the end of the input.
 */
public final class ConfiguredProxy {
  static final String STARTED = "proxy on 127.0.0.1:";
  static final String FLUSHED = "flushed: ";
  static final String STOPPED = "stopped: ";
  static final String TIMEOUT_MILLIS = "5000";

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final ProxyOptions OPTIONS =
      ProxyOptions.parse(Map.of(), "--listen", "127.0.0.1:0", "--timeout-ms", TIMEOUT_MILLIS);

  private ConfiguredProxy() {}

  /** Arguments: the kind of configuration, then the arguments of that product. */
  public static void main(String[] arguments) throws Exception {
    ProxyTelemetrySdk telemetry = telemetry(arguments).build();
    if (arguments[0].equals("krakend")) {
      try (EndpointProxy proxy = EndpointProxy.start(OPTIONS, telemetry, arguments[2])) {
        serve(proxy.address(), telemetry);
      }
    } else {
      try (ForwardProxy proxy = new ForwardProxy(OPTIONS, telemetry)) {
        proxy.awaitStart();
        serve(proxy.address(), telemetry);
      }
    }
    System.out.println(STOPPED + telemetry.close(LIMIT).status());
  }

  private static ProxyTelemetrySdkBuilder telemetry(String... arguments) throws IOException {
    return switch (arguments[0]) {
      case "krakend" ->
          ProxyTelemetrySdk.fromMap(
              new ObjectMapper()
                  .readValue(
                      Path.of(arguments[1]).toFile(), new TypeReference<Map<String, Object>>() {}));
      case "imgproxy" ->
          ProxyTelemetrySdk.builder(
              Configuration.ofEnvironment().withTelemetryPrefix("IMGPROXY_OPEN_TELEMETRY_"));
      case "controller" ->
          ProxyTelemetrySdk.builder(
              Configuration.of(flags(arguments)).withTracingPrefix("CF_TRACING_"));
      case "proxy" -> ProxyTelemetrySdk.fromEnvironment();
      default -> throw new IllegalArgumentException(arguments[0]);
    };
  }

  private static Map<String, String> flags(String... arguments) {
    Map<String, String> flags = new HashMap<>();
    for (int i = 1; i < arguments.length; i++) {
      String[] flag = arguments[i].split("=", 2);
      flags.put(flag[0], flag[1]);
    }
    return flags;
  }

  /** Metrics of imgproxy's own work: one image, and its memory. */
  private static Scope describeWork(ProxyTelemetrySdk telemetry) {
    telemetry.gauge("vips_memory_bytes", "By", () -> 300);
    telemetry.gauge("vips_max_memory_bytes", "By", () -> 500);
    telemetry.gauge("vips_allocs", "{allocation}", () -> 2);
    BufferSizes buffers = telemetry.bufferSizes();
    buffers.record(100);
    buffers.defaultSize(4096);
    buffers.maxSize(65_536);
    return telemetry.inProgress("images");
  }

  private static void serve(InetSocketAddress address, ProxyTelemetrySdk telemetry)
      throws IOException {
    Scope image = describeWork(telemetry);
    System.out.println(STARTED + address.getPort());
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      System.out.println(FLUSHED + line + ' ' + telemetry.flush(LIMIT).status());
    }
    image.close();
  }
}
