package io.github.proxytelemetry.httpclient;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Hedged request: sent twice, the first response is used and the other request cancelled. */
final class Hedge {
  static HttpResponse<InputStream> send(HttpClient client, HttpRequest request)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<InputStream>> one =
        client.sendAsync(request, BodyHandlers.ofInputStream());
    CompletableFuture<HttpResponse<InputStream>> other =
        client.sendAsync(request, BodyHandlers.ofInputStream());
    try {
      CompletableFuture.anyOf(one, other).get();
    } catch (ExecutionException failure) {
      throw new IOException(failure.getCause());
    }
    CompletableFuture<HttpResponse<InputStream>> winner = one.isDone() ? one : other;
    (winner == one ? other : one).cancel(true);
    return winner.join();
  }

  private Hedge() {}
}
