package io.github.proxytelemetry.sdk;

import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.GrpcResponse;
import io.opentelemetry.sdk.common.export.GrpcSender;
import io.opentelemetry.sdk.common.export.GrpcSenderConfig;
import io.opentelemetry.sdk.common.export.GrpcSenderProvider;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.opentelemetry.sdk.common.export.HttpSender;
import io.opentelemetry.sdk.common.export.HttpSenderConfig;
import io.opentelemetry.sdk.common.export.HttpSenderProvider;
import io.opentelemetry.sdk.common.export.MessageWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import okhttp3.Dns;
import org.jspecify.annotations.Nullable;

/**
 * Takes from one of OpenTelemetry's OTLP exporters what it would send, through the interface that
 * it offers to senders, and sends it. The exporter itself would hide from us what became of it, and
 * log the collector's answers.
 */
final class OtlpEncoding implements ComponentLoader {
  private final Dns dns;
  private @Nullable MessageWriter message;
  private @Nullable OtlpSender sender;

  OtlpEncoding(Dns dns) {
    this.dns = dns;
  }

  /** Asked by the exporter when it is built. Of anything but a sender it has its own. */
  @Override
  public <T> Iterable<T> load(Class<T> type) {
    if (type == HttpSenderProvider.class) {
      return List.of(type.cast((HttpSenderProvider) this::http));
    }
    if (type == GrpcSenderProvider.class) {
      return List.of(type.cast((GrpcSenderProvider) this::grpc));
    }
    return List.of();
  }

  /** Has the exporter encode, and sends; nothing but the encoding is done by one at a time. */
  Outcome send(Runnable export) {
    MessageWriter encoded;
    synchronized (this) {
      message = null;
      export.run();
      encoded = message;
      message = null;
    }
    // None where the exporter has been shut down.
    return encoded == null ? Outcome.ERROR : Objects.requireNonNull(sender, "sender").send(encoded);
  }

  CompletableResultCode shutdown() {
    Objects.requireNonNull(sender, "sender").close();
    return CompletableResultCode.ofSuccess();
  }

  private HttpSender http(HttpSenderConfig config) {
    sender =
        new OtlpSender(
            config.getEndpoint(),
            null,
            config.getContentType(),
            config.getCompressor(),
            config.getTimeout(),
            config.getSslContext(),
            config.getTrustManager(),
            dns,
            firstOf(config.getHeadersSupplier()));
    return new HttpSender() {
      @Override
      public void send(
          MessageWriter writer, Consumer<HttpResponse> onResponse, Consumer<Throwable> onError) {
        message = writer;
      }

      @Override
      public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
      }
    };
  }

  private GrpcSender grpc(GrpcSenderConfig config) {
    sender =
        new OtlpSender(
            config.getEndpoint(),
            config.getFullMethodName(),
            null,
            config.getCompressor(),
            config.getTimeout(),
            config.getSslContext(),
            config.getTrustManager(),
            dns,
            firstOf(config.getHeadersSupplier()));
    return new GrpcSender() {
      @Override
      public void send(
          MessageWriter writer, Consumer<GrpcResponse> onResponse, Consumer<Throwable> onError) {
        message = writer;
      }

      @Override
      public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
      }
    };
  }

  private static Supplier<Map<String, String>> firstOf(
      Supplier<Map<String, List<String>>> supplier) {
    return () -> {
      Map<String, String> headers = new LinkedHashMap<>();
      supplier.get().forEach((name, values) -> headers.put(name, String.join(",", values)));
      return headers;
    };
  }
}
