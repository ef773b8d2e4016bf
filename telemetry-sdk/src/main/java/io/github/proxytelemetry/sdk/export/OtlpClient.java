package io.github.proxytelemetry.sdk.export;

import java.io.IOException;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Dns;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Factory of the HTTP clients of {@link OtlpSender}. */
final class OtlpClient {
  /**
   * What became of {@code Retry-After}. OkHttp reads it, and throws where it is above 2^31-1; for 0
   * it would send again by itself.
   */
  static final String RETRY_AFTER = "proxy-telemetry-retry-after";

  private OtlpClient() {}

  static OkHttpClient create(URI endpoint, boolean grpc, Duration timeout, Dns dns) {
    OkHttpClient.Builder builder =
        new OkHttpClient.Builder()
            .proxy(Proxy.NO_PROXY)
            .dns(dns)
            .socketFactory(new DirectSockets())
            .followRedirects(false)
            .followSslRedirects(false)
            // One limit for all: look-up, connecting, TLS, sending, and the last byte of the body.
            .callTimeout(timeout)
            .connectTimeout(Duration.ZERO)
            .readTimeout(Duration.ZERO)
            .writeTimeout(Duration.ZERO)
            .addNetworkInterceptor(OtlpClient::hideRetryAfter)
            .connectionPool(pool());
    if (grpc) {
      builder.protocols(
          endpoint.getScheme().equals("https")
              ? List.of(Protocol.HTTP_2, Protocol.HTTP_1_1)
              : List.of(Protocol.H2_PRIOR_KNOWLEDGE));
    }
    return builder.build();
  }

  static ConnectionPool pool() {
    return new ConnectionPool(1, 5, TimeUnit.MINUTES);
  }

  private static Response hideRetryAfter(Interceptor.Chain chain) throws IOException {
    Response response = chain.proceed(chain.request());
    @Nullable String delay = response.header("Retry-After");
    return delay == null
        ? response
        : response.newBuilder().removeHeader("Retry-After").header(RETRY_AFTER, delay).build();
  }
}
