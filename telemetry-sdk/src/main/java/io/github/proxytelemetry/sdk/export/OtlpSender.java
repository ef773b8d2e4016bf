package io.github.proxytelemetry.sdk.export;

import io.github.proxytelemetry.sdk.tls.ReloadingTls;
import io.github.proxytelemetry.sdk.tls.TlsMaterial;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.MessageWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Sender of OTLP messages to one URL, over HTTP or gRPC: one attempt per message, which ends with
 * the last byte of the answer. It follows no redirect, as that could give credentials to another
 * host, and no proxy setting of the Java runtime, as the host may be that proxy. Thread-safe.
 */
final class OtlpSender implements SenderLoader.Sender {
  /**
   * Margin over the time-out of {@link ExportGuard}, so that the guard fires first. This one frees
   * the socket, as a blocked read ignores interrupts.
   */
  private static final Duration SLACK = Duration.ofMillis(100);

  /** Of a gRPC message over HTTP/2: whether it is compressed, and its length. */
  static final int GRPC_PREFIX = 5;

  private static final MediaType GRPC = MediaType.get("application/grpc");
  private static final MediaType PROTOBUF = MediaType.get("application/x-protobuf");

  private final OtlpSpec spec;
  private final boolean grpc;
  private final String url;
  private final Supplier<Map<String, List<String>>> exporterHeaders;
  private final @Nullable ReloadingTls tls;

  /** OkHttp's own list of calls leaves out those whose body is being read. */
  private final Set<Call> calls = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;

  /** Written under the lock, which is held while files are read; a close must not wait for it. */
  private volatile OkHttpClient client;

  private @Nullable TlsMaterial material;

  /** {@code method} is the gRPC method's full name; {@code null} for HTTP. */
  OtlpSender(
      OtlpSpec spec,
      URI endpoint,
      @Nullable String method,
      Supplier<Map<String, List<String>>> exporterHeaders,
      @Nullable ReloadingTls tls) {
    this.spec = spec;
    this.grpc = method != null;
    this.url = method == null ? endpoint.toString() : endpoint + "/" + method;
    this.exporterHeaders = exporterHeaders;
    this.tls = tls;
    this.client = OtlpClient.create(endpoint, grpc, spec.timeout.plus(SLACK), this::lookUp);
  }

  /**
   * Sends a message, and blocks until the answer or the time-out.
   *
   * <p>Throws unless all of it was accepted: a result code knows success and failure only, and
   * OpenTelemetry's exporters log the answers that they are given.
   *
   * @throws Outcome.Failure with the outcome
   */
  @Override
  public void send(MessageWriter message) {
    Outcome outcome = attempt(message);
    if (!outcome.isDelivered() || outcome.rejected() > 0) {
      throw outcome.failure();
    }
  }

  /** Cancels calls, and closes connections. */
  @Override
  public CompletableResultCode close() {
    closed = true;
    calls.forEach(Call::cancel);
    disconnect(client);
    return CompletableResultCode.ofSuccess();
  }

  private Outcome attempt(MessageWriter message) {
    if (message.getContentLength() > spec.maxRequestBytes) {
      return Outcome.TOO_LARGE;
    }
    Map<String, String> fields;
    try {
      fields = spec.currentHeaders();
    } catch (Throwable e) {
      // The token may be available later, and nothing was sent.
      return Outcome.unavailable(0, "the supplier of the token failed");
    }
    OkHttpClient used = currentClient();
    // The other side, or a balancer between, may have dropped an idle connection without a word.
    boolean mayBeStale = used.connectionPool().connectionCount() > 0;
    try {
      Request request = request(message, fields);
      try {
        return exchange(used, request);
      } catch (InterruptedIOException e) {
        throw e;
      } catch (IOException e) {
        if (!mayBeStale || closed) {
          throw e;
        }
        disconnect(used);
        return exchange(used, request);
      }
    } catch (InterruptedIOException e) {
      disconnect(used);
      return Outcome.TIMED_OUT;
    } catch (IOException e) {
      // Refused, unknown, broken off, not trusted: all of these may pass.
      disconnect(used);
      return Outcome.unavailable(0, Causes.of(e, grpc));
    } finally {
      retire(used);
    }
  }

  private Outcome exchange(OkHttpClient used, Request request) throws IOException {
    Call call = used.newCall(request);
    calls.add(call);
    if (closed) {
      call.cancel();
    }
    try (Response response = call.execute()) {
      return grpc ? OtlpAnswer.ofGrpc(response) : OtlpAnswer.ofHttp(response);
    } catch (IOException e) {
      // Its body may still be written.
      call.cancel();
      throw e;
    } finally {
      calls.remove(call);
    }
  }

  /** A client with the certificates of the moment: an open connection would keep the old ones. */
  private synchronized OkHttpClient currentClient() {
    if (tls == null || closed) {
      return client;
    }
    TlsMaterial current = tls.current();
    if (!current.equals(material)) {
      disconnect(client);
      material = current;
      client =
          client
              .newBuilder()
              .sslSocketFactory(current.context().getSocketFactory(), current.trustManager())
              .connectionPool(OtlpClient.pool())
              .build();
    }
    return client;
  }

  /** Closes the connection of a client that was replaced while it sent. */
  private void retire(OkHttpClient used) {
    if (used != client) {
      disconnect(used);
    }
  }

  /**
   * An HTTP/2 connection outlives a call that is cancelled. It would be used again although the
   * peer is gone, and stay open for minutes after a close.
   */
  private static void disconnect(OkHttpClient client) {
    client.connectionPool().evictAll();
  }

  /**
   * A look-up ignores an interrupt, after which the same batch is sent again: nothing may be sent
   * now.
   */
  private List<InetAddress> lookUp(String name) throws UnknownHostException {
    List<InetAddress> addresses = spec.dns.lookup(name);
    if (Thread.currentThread().isInterrupted()) {
      throw new UnknownHostException("given up");
    }
    return addresses;
  }

  private Request request(MessageWriter message, Map<String, String> fields) throws IOException {
    Request.Builder request = new Request.Builder().url(url);
    if (grpc) {
      request.header("TE", "trailers");
    }
    if (spec.gzip) {
      request.header(grpc ? "grpc-encoding" : "Content-Encoding", "gzip");
    }
    exporterHeaders.get().forEach((name, values) -> request.header(name, String.join(",", values)));
    fields.forEach(request::header);
    return request.post(new OtlpPayload(grpc ? GRPC : PROTOBUF, payload(message), grpc)).build();
  }

  private byte[] payload(MessageWriter message) throws IOException {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream(message.getContentLength());
    if (spec.gzip) {
      try (OutputStream compressed = new GZIPOutputStream(encoded)) {
        message.writeMessage(compressed);
      }
    } else {
      message.writeMessage(encoded);
    }
    byte[] bytes = encoded.toByteArray();
    return grpc
        ? ByteBuffer.allocate(GRPC_PREFIX + bytes.length)
            .put((byte) (spec.gzip ? 1 : 0))
            .putInt(bytes.length)
            .put(bytes)
            .array()
        : bytes;
  }
}
