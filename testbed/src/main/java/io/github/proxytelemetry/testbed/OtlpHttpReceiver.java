package io.github.proxytelemetry.testbed;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.http.Response;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/** OTLP over HTTP or HTTPS with protobuf bodies, compressed or not. */
public final class OtlpHttpReceiver implements OtlpReceiver {
  private static final String TRACES = "/v1/traces";
  private static final String METRICS = "/v1/metrics";

  private final ReceivedTelemetry received = new ReceivedTelemetry();
  private final WireMockServer server;

  private OtlpHttpReceiver(WireMockConfiguration options) {
    // The journal would keep every body of a long test.
    server = new WireMockServer(options.bindAddress("127.0.0.1").disableRequestJournal());
  }

  /** Starts one. */
  public static OtlpHttpReceiver start() {
    return start(0);
  }

  /** Starts one on a port that was known before, such as one that was down for a while. */
  public static OtlpHttpReceiver start(int port) {
    return start(WireMockConfiguration.options().port(port));
  }

  /** Starts one behind TLS. */
  public static OtlpHttpReceiver start(TlsFixture tls)
      throws IOException, GeneralSecurityException {
    Path directory = Files.createTempDirectory("tls");
    try {
      Path keys = directory.resolve("keys.p12");
      tls.storeKeys(keys);
      return start(
          WireMockConfiguration.options()
              .httpDisabled(true)
              .httpsPort(0)
              .keystoreType("PKCS12")
              .keystorePath(keys.toString())
              .keystorePassword(TlsFixture.PASSWORD_TEXT)
              .keyManagerPassword(TlsFixture.PASSWORD_TEXT));
    } finally {
      TemporaryFiles.delete(directory);
    }
  }

  private static OtlpHttpReceiver start(WireMockConfiguration options) {
    OtlpHttpReceiver receiver = new OtlpHttpReceiver(options);
    receiver.server.stubFor(accepted(TRACES));
    receiver.server.stubFor(accepted(METRICS));
    receiver.server.addMockServiceRequestListener(receiver::decode);
    receiver.server.start();
    return receiver;
  }

  @Override
  public String endpoint() {
    return server.isHttpEnabled()
        ? "http://127.0.0.1:" + server.port()
        : "https://127.0.0.1:" + server.httpsPort();
  }

  @Override
  public ReceivedTelemetry received() {
    return received;
  }

  @Override
  public void close() {
    server.stop();
  }

  /** An empty body is an empty protobuf message: everything was accepted. */
  private static MappingBuilder accepted(String path) {
    return post(urlEqualTo(path))
        .willReturn(aResponse().withHeader("Content-Type", "application/x-protobuf"));
  }

  private void decode(Request request, Response response) {
    // WireMock has undone gzip by now.
    byte[] body = request.getBody();
    try {
      if (request.getUrl().equals(TRACES)) {
        received.add(ExportTraceServiceRequest.parseFrom(body));
      } else if (request.getUrl().equals(METRICS)) {
        received.add(ExportMetricsServiceRequest.parseFrom(body));
      }
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("no OTLP body", e);
    }
  }
}
