package io.github.proxytelemetry.sdk;

import io.opentelemetry.sdk.common.export.Compressor;
import io.opentelemetry.sdk.common.export.MessageWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Dns;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * Sends encoded messages to one URL, one attempt at a time, and reads the whole answer. It follows
 * no redirect, as that could hand credentials to a stranger, and no proxy setting of the Java
 * runtime, as the host may be that proxy. Thread-safe.
 */
final class OtlpSender {
  /** The limit of the OTLP specification for a request, before compression. */
  private static final int MAX_MESSAGE = 64 * 1024 * 1024;

  static final int GRPC_PREFIX = 5;
  private static final MediaType GRPC = MediaType.get("application/grpc");

  /** OkHttp's own list of these forgets a call whose body is still being read. */
  private final Set<Call> underWay = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;

  private final OkHttpClient client;
  private final String url;
  private final MediaType mediaType;
  private final @Nullable Compressor compressor;
  private final Supplier<Map<String, String>> headers;

  /** {@code method} is the gRPC method's full name; {@code null} for HTTP. */
  OtlpSender(
      URI endpoint,
      @Nullable String method,
      @Nullable String contentType,
      @Nullable Compressor compressor,
      Duration timeout,
      @Nullable SSLContext tls,
      @Nullable X509TrustManager trust,
      Dns dns,
      Supplier<Map<String, String>> headers) {
    this.mediaType = contentType == null ? GRPC : MediaType.get(contentType);
    this.url = method == null ? endpoint.toString() : endpoint + "/" + method;
    this.compressor = compressor;
    this.headers = headers;
    OkHttpClient.Builder builder =
        new OkHttpClient.Builder()
            .proxy(Proxy.NO_PROXY)
            .dns(name -> lookUp(dns, name))
            .socketFactory(new DirectSockets())
            .followRedirects(false)
            .followSslRedirects(false)
            // One limit for all: look-up, connecting, TLS, sending, and the last byte of the body.
            .callTimeout(timeout)
            .connectTimeout(Duration.ZERO)
            .readTimeout(Duration.ZERO)
            .writeTimeout(Duration.ZERO)
            .connectionPool(new ConnectionPool(1, 5, TimeUnit.MINUTES));
    if (isGrpc()) {
      builder.protocols(
          endpoint.getScheme().equals("https")
              ? List.of(Protocol.HTTP_2, Protocol.HTTP_1_1)
              : List.of(Protocol.H2_PRIOR_KNOWLEDGE));
    }
    if (tls != null && trust != null) {
      builder.sslSocketFactory(tls.getSocketFactory(), trust);
    }
    this.client = builder.build();
  }

  /**
   * A look-up does not feel an interrupt. Whoever gave up meanwhile will send the same again, so
   * what was not sent yet must not be.
   */
  private static List<InetAddress> lookUp(Dns dns, String name) throws UnknownHostException {
    List<InetAddress> addresses = dns.lookup(name);
    if (Thread.currentThread().isInterrupted()) {
      throw new UnknownHostException("given up");
    }
    return addresses;
  }

  /** Blocks until the answer is there, or the time-out. */
  Outcome send(MessageWriter message) {
    if (message.getContentLength() > MAX_MESSAGE) {
      return Outcome.TOO_LARGE;
    }
    Map<String, String> fields;
    try {
      fields = headers.get();
    } catch (RuntimeException e) {
      // A token that cannot be had now may be had later, and nothing was sent.
      return Outcome.UNAVAILABLE;
    }
    Call call;
    try {
      call = client.newCall(request(message, fields));
    } catch (IOException e) {
      return Outcome.ERROR;
    }
    underWay.add(call);
    if (closed) {
      call.cancel();
    }
    try (Response response = call.execute()) {
      return isGrpc() ? OtlpAnswer.ofGrpc(response) : OtlpAnswer.ofHttp(response);
    } catch (InterruptedIOException e) {
      disconnect();
      return Outcome.TIMED_OUT;
    } catch (IOException e) {
      disconnect();
      // Refused, unknown, broken off, not trusted: all of these may pass.
      return Outcome.UNAVAILABLE;
    } finally {
      underWay.remove(call);
    }
  }

  /** Breaks off what is under way, and closes the connection. */
  void close() {
    closed = true;
    underWay.forEach(Call::cancel);
    disconnect();
  }

  /**
   * An HTTP/2 connection outlives a call that is cancelled. It would be used again although the
   * other side is gone, and be open for minutes after a close.
   */
  private void disconnect() {
    client.connectionPool().evictAll();
  }

  private boolean isGrpc() {
    return mediaType.equals(GRPC);
  }

  private Request request(MessageWriter message, Map<String, String> fields) throws IOException {
    Request.Builder request = new Request.Builder().url(url);
    if (isGrpc()) {
      request.header("TE", "trailers");
    }
    if (compressor != null) {
      request.header(isGrpc() ? "grpc-encoding" : "Content-Encoding", compressor.getEncoding());
    }
    fields.forEach(request::header);
    return request.post(new Payload(mediaType, payload(message))).build();
  }

  private byte[] payload(MessageWriter message) throws IOException {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream(message.getContentLength());
    if (compressor == null) {
      message.writeMessage(encoded);
    } else {
      try (OutputStream compressed = compressor.compress(encoded)) {
        message.writeMessage(compressed);
      }
    }
    if (!isGrpc()) {
      return encoded.toByteArray();
    }
    // The prefix of a message, as gRPC over HTTP/2 has it: whether it is compressed, and its
    // length.
    return ByteBuffer.allocate(GRPC_PREFIX + encoded.size())
        .put((byte) (compressor == null ? 0 : 1))
        .putInt(encoded.size())
        .put(encoded.toByteArray())
        .array();
  }

  private static final class Payload extends RequestBody {
    private final MediaType mediaType;
    private final byte[] bytes;

    Payload(MediaType mediaType, byte[] bytes) {
      this.mediaType = mediaType;
      this.bytes = bytes;
    }

    @Override
    public MediaType contentType() {
      return mediaType;
    }

    @Override
    public long contentLength() {
      return bytes.length;
    }

    /**
     * OkHttp would send it again by itself where a connection breaks, which might deliver twice.
     */
    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      sink.write(bytes);
    }
  }
}
