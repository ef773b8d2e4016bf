package io.github.proxytelemetry.httpclient;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A changed request is what the JDK's builder would have copied, which later JDKs get. */
class ChangedRequestTest {
  private static final BodyPublisher BODY = BodyPublishers.ofString("body");

  private final HttpRequest host =
      HttpRequest.newBuilder(URI.create("http://localhost/a?b"))
          .POST(BodyPublishers.ofString("original"))
          .header("X-Own", "1")
          .header("X-Own", "2")
          .header("Traceparent", "stale")
          .header("Baggage", "stale")
          .version(Version.HTTP_1_1)
          .timeout(Duration.ofSeconds(7))
          .expectContinue(true)
          .build();

  @Test
  void hasTheChangedHeaders_andAllElseOfTheOriginal() {
    ClientRequestInfo changes = changes();
    HttpRequest changed = changes.toSend(null);
    assertThat(changed.headers().allValues("traceparent")).containsExactly("new");
    assertThat(changed.headers().allValues("x-own")).containsExactly("1", "2");
    assertThat(changed.headers().map()).doesNotContainKey("baggage");
    assertSame(changed, ChangedRequest.copy(host, changes.changes(), null));
    assertThat(changed.bodyPublisher()).isEqualTo(host.bodyPublisher());
  }

  @Test
  void hasTheObservedBody() {
    HttpRequest changed = new ClientRequestInfo(host).toSend(BODY);
    assertSame(changed, ChangedRequest.copy(host, new ClientRequestInfo(host).changes(), BODY));
    assertThat(changed.bodyPublisher()).containsSame(BODY);
    assertThat(changed.headers()).isEqualTo(host.headers());
  }

  @Test
  void isTheOriginal_whereNothingIsChanged() {
    assertThat(new ClientRequestInfo(host).toSend(null)).isSameAs(host);
  }

  @Test
  void tellsTheBackEndTheHostsHeaders() {
    ClientRequestInfo request = changes();
    assertThat(request.headers("TRACEPARENT")).isEqualTo(List.of("stale"));
    assertThat(request.header("baggage")).isEqualTo("stale");
    assertThat(request.path()).isEqualTo("/a?b");
  }

  private ClientRequestInfo changes() {
    ClientRequestInfo changes = new ClientRequestInfo(host);
    OutgoingHeaders.ACCESS.set(changes, "traceparent", "new");
    OutgoingHeaders.ACCESS.remove(changes, "baggage");
    return changes;
  }

  private static void assertSame(HttpRequest changed, HttpRequest copied) {
    assertThat(changed).isEqualTo(copied);
    assertThat(changed.timeout()).isEqualTo(copied.timeout());
    assertThat(changed.expectContinue()).isEqualTo(copied.expectContinue());
    assertThat(changed.version()).isEqualTo(copied.version());
  }
}
