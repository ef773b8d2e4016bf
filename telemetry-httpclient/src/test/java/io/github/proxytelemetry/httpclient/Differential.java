package io.github.proxytelemetry.httpclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.ScriptedOrigin;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.time.Duration;

/** Base of the tests that compare a wrapped client with a plain one. */
final class Differential {
  static final String OK = "HTTP/1.1 200 OK\r\nX-A: 1\r\nX-A: 2\r\nContent-Length: 2\r\n\r\nok";
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** Calls to make with either client. */
  interface Call {
    Object on(HttpClient client) throws Exception;
  }

  static void assertAlike(Call call) {
    RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
    HttpClient plain = HttpClient.newHttpClient();
    assertThat(outcome(call, HttpClientTelemetry.create(recorder).wrap(plain)))
        .isEqualTo(outcome(call, plain));
    recorder.awaitIdle(TIMEOUT);
    recorder.assertInvariants();
  }

  private static String outcome(Call call, HttpClient client) {
    try {
      return "no failure: " + call.on(client);
    } catch (Exception thrown) {
      return chain(thrown);
    }
  }

  /**
   * Renders an exception and its causes, down to a time-out: the JDK adds the closed connection as
   * the cause of a time-out in some runs and not in others.
   */
  static String chain(Throwable thrown) {
    StringBuilder chain = new StringBuilder();
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      chain.append(cause.getClass().getName()).append(": ").append(cause.getMessage()).append('\n');
      if (cause instanceof HttpTimeoutException) {
        break;
      }
    }
    return chain.toString();
  }

  static HttpRequest.Builder request(ScriptedOrigin origin, String target) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + origin.address().getPort() + target))
        .version(HttpClient.Version.HTTP_1_1);
  }

  private Differential() {}
}
