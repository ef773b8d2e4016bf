package io.github.proxytelemetry.moduletests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testbed.OtlpGrpcReceiver;
import io.github.proxytelemetry.testbed.OtlpHttpReceiver;
import io.github.proxytelemetry.testbed.OtlpReceiver;
import io.github.proxytelemetry.testbed.Scrape;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The application on the module path: {@code java -p … -m …}. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ModulePathTest {
  private static final String MAIN =
      "io.github.proxytelemetry.application/io.github.proxytelemetry.application.Application";

  @TempDir Path directory;

  @Test
  void exportsEverywhere() throws Exception {
    try (OtlpHttpReceiver http = OtlpHttpReceiver.start();
        OtlpGrpcReceiver grpc = OtlpGrpcReceiver.start()) {
      Process process = start(http.endpoint(), grpc.endpoint());
      try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
        String port = output.readLine();
        assertThat(port).as(errors()).matches("\\d+");
        Scrape scrape =
            Scrape.of(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port)));
        assertThat(scrape.value("privacy_proxy_requests_total{method=\"GET\"}")).isEqualTo(1);
        assertThat(scrape.value("process_uptime_seconds")).isPositive();
        process.getOutputStream().write('.');
        process.getOutputStream().flush();
        assertThat(output.readLine()).as(errors()).isEqualTo((int) '.' + " DELIVERED 0");
        assertThat(process.waitFor()).isZero();
      } finally {
        process.destroyForcibly();
      }
      for (OtlpReceiver receiver : List.of(http, grpc)) {
        assertThat(receiver.received().spans()).hasSize(1);
        assertThat(receiver.received().metric("privacy_proxy_requests_total"))
            .containsEntry(Map.of("method", "GET"), 1.0);
      }
    }
  }

  @Test
  void namesTheMissingLibrary_forMetricsOfTheRuntime() throws Exception {
    Process process = start("127.0.0.1:1", "127.0.0.1:1", "jvm");
    try {
      assertThat(process.waitFor()).isNotZero();
      assertThat(errors())
          .contains(
              "IllegalStateException: jvm metrics: are switched on, but their library is missing or"
                  + " does not fit; expected"
                  + " io.opentelemetry.instrumentation:opentelemetry-runtime-telemetry");
    } finally {
      process.destroyForcibly();
    }
  }

  private Process start(String... arguments) throws IOException {
    String modules =
        Path.of("target", "classes")
            + File.pathSeparator
            + Files.readString(Path.of("target", "module-path.txt")).strip();
    List<String> command =
        Stream.concat(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-p",
                    modules,
                    "-m",
                    MAIN),
                Stream.of(arguments))
            .toList();
    return new ProcessBuilder(command).redirectError(directory.resolve("errors").toFile()).start();
  }

  private String errors() throws IOException {
    return Files.readString(directory.resolve("errors"));
  }
}
