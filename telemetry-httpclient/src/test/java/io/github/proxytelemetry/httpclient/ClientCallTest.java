package io.github.proxytelemetry.httpclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testing.RecordedAttempt;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.Terminal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow.Publisher;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A call that fails on one thread while another one still sends the request or reads the answer.
 */
class ClientCallTest {
  private final RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
  private final ClientCall<String> call =
      HttpClientTelemetry.create(recorder)
          .startCall(
              null,
              HttpRequest.newBuilder(URI.create("http://localhost/"))
                  .POST(BodyPublishers.fromPublisher(new Parts()))
                  .build());
  private BodyPublisher sent;
  private Subscriber<? super ByteBuffer> upload;

  @AfterEach
  void nothingIsReported_afterTheEnd() {
    assertThat(attempt().terminal()).isEqualTo(Terminal.FAILED);
    recorder.assertInvariants();
    recorder.assertNoLateCalls();
  }

  @Test
  void fails_whileTheRequestIsSent() {
    upload();
    upload.onNext(bytes("abc"));
    fail();
    upload.onNext(bytes("def"));
    upload.onComplete();
    assertThat(attempt().requestBytes()).isEqualTo(3);
  }

  @Test
  void fails_beforeTheRequestIsSentAgain() {
    upload();
    fail();
    upload();
  }

  @Test
  void fails_whileTheHeadOfTheResponseArrives() {
    upload();
    fail();
    respond();
    assertThat(attempt().status()).isZero();
  }

  @Test
  void fails_whileTheResponseIsRead() {
    upload();
    upload.onComplete();
    BodySubscriber<String> response = respond();
    response.onNext(List.of(bytes("ab")));
    fail();
    response.onNext(List.of(bytes("cd")));
    response.onComplete();
    assertThat(attempt().responseBytes()).isEqualTo(2);
    assertThat(response.getBody().toCompletableFuture().join()).isEqualTo("abcd");
  }

  private BodySubscriber<String> respond() {
    BodySubscriber<String> response =
        call.handler(BodyHandlers.ofString())
            .apply(
                new ResponseInfo() {
                  @Override
                  public int statusCode() {
                    return 200;
                  }

                  @Override
                  public HttpHeaders headers() {
                    return HttpHeaders.of(Map.of(), (name, value) -> true);
                  }

                  @Override
                  public Version version() {
                    return Version.HTTP_1_1;
                  }
                });
    response.onSubscribe(new Unheeded());
    return response;
  }

  private void fail() {
    call.failed(new IOException("reset"));
  }

  private void upload() {
    if (sent == null) {
      sent = call.request().bodyPublisher().orElseThrow();
    }
    sent.subscribe(new Ignored());
  }

  private RecordedAttempt attempt() {
    return recorder.attempts().get(0);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Body that is published by the test. */
  private final class Parts implements Publisher<ByteBuffer> {
    @Override
    public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
      upload = subscriber;
      subscriber.onSubscribe(new Unheeded());
    }
  }

  /** Subscription that publishes on, whatever is asked. */
  private static final class Unheeded implements Subscription {
    @Override
    public void request(long count) {}

    @Override
    public void cancel() {}
  }

  /** Connection that takes whatever is sent. */
  private static final class Ignored implements Subscriber<ByteBuffer> {
    @Override
    public void onSubscribe(Subscription subscription) {}

    @Override
    public void onNext(ByteBuffer part) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
  }
}
