package io.github.proxytelemetry.testing;

import static io.github.proxytelemetry.testing.PlainHead.ACCESS;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.Upstream;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Forwarding of one request: connects, sends, responds, and reports the events. */
final class PlainForwarder {
  private final PlainClient client;
  private final PlainHead request;
  private final ExchangeObservation exchange;
  private final AttemptObservation attempt;
  private final ConnectionObservation dial;
  private boolean answered;
  private boolean dialFailed;

  PlainForwarder(
      PlainClient client, PlainHead request, ExchangeObservation exchange, Upstream upstream) {
    this.client = client;
    this.request = request;
    this.exchange = exchange;
    this.attempt = exchange.startAttempt(upstream);
    this.dial = attempt.startConnection();
  }

  /** Returns whether the connection can serve another request. */
  boolean forward(Upstream upstream, Socket socket, Duration timeout) throws InterruptedException {
    try (socket) {
      dial.enter(ConnectionPhase.DNS_LOOKUP);
      InetAddress address = InetAddress.getAllByName(upstream.host())[0];
      dial.enter(ConnectionPhase.SOCKET_CONNECT);
      socket.connect(new InetSocketAddress(address, upstream.port()), (int) timeout.toMillis());
      socket.setSoTimeout((int) timeout.toMillis());
      dial.established();
      attempt.connectionAcquired(false);
      return request.method().equals("CONNECT") ? connect(socket) : exchange(socket);
    } catch (PlainClient.Gone gone) {
      attempt.cancel();
      exchange.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, gone);
      return false;
    } catch (IOException failure) {
      return failed(failure);
    } finally {
      if (!dialFailed) {
        dial.end();
      }
    }
  }

  private boolean connect(Socket socket) throws IOException, InterruptedException {
    exchange.requestEnd();
    attempt.end();
    PlainHead established = new PlainHead("HTTP/1.1 200 Connection Established");
    tunnel(200, established, TunnelKind.CONNECT, socket, socket.getInputStream());
    return false;
  }

  private boolean exchange(Socket socket) throws IOException, InterruptedException {
    if (request.header("Expect") != null) {
      // A single thread cannot wait for the origin's 100 and the client's body at the same time.
      exchange.informational(100);
      client.out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      request.remove("Expect");
    }
    sendRequest(socket);
    InputStream in = new BufferedInputStream(socket.getInputStream());
    PlainHead head = responseHead(in);
    int status = head.requireStatus();
    while (status < 200 && status != 101) {
      attempt.informational(status);
      exchange.informational(status);
      client.out.write(head.bytes());
      head = responseHead(in);
      status = head.requireStatus();
    }
    attempt.responseStarted(status, head, ACCESS);
    if (status == 101) {
      attempt.end();
      boolean webSocket = "websocket".equalsIgnoreCase(head.header("Upgrade"));
      TunnelKind kind = webSocket ? TunnelKind.WEBSOCKET : TunnelKind.UPGRADE;
      tunnel(status, head, kind, socket, in);
      return false;
    }
    return sendResponse(status, head, in);
  }

  private void sendRequest(Socket socket) throws IOException {
    attempt.inject(request, ACCESS);
    attempt.requestStarted(request);
    socket.getOutputStream().write(request.bytes());
    try {
      PlainBody.copyRequest(
          request,
          client.in,
          socket.getOutputStream(),
          count -> {
            exchange.requestBytes(count);
            attempt.requestBytes(count);
          },
          trailers -> attempt.requestTrailers(trailers, ACCESS));
    } catch (EOFException closed) {
      throw new PlainClient.Gone(closed);
    } catch (ProtocolException malformed) {
      exchange.note(Side.DOWNSTREAM, ProxyError.HTTP_REQUEST_ERROR, malformed);
      throw new PlainClient.Gone(malformed);
    }
    exchange.requestEnd();
    attempt.requestEnd();
  }

  private boolean sendResponse(int status, PlainHead head, InputStream in) throws IOException {
    exchange.responseStarted(status, head, ACCESS);
    answered = true;
    client.out.write(head.bytes());
    boolean reusable = true;
    if (!PlainBody.isBodyless(request.method(), status)) {
      PlainBody.copy(
          head,
          in,
          client.out,
          count -> {
            attempt.responseBytes(count);
            exchange.responseBytes(count);
          },
          trailers -> {
            attempt.responseTrailers(trailers, ACCESS);
            exchange.responseTrailers(trailers, ACCESS);
          });
      reusable = !PlainBody.endsWithTheConnection(head);
    }
    attempt.responseEnd();
    exchange.responseEnd();
    return reusable;
  }

  private void tunnel(
      int status, PlainHead head, TunnelKind kind, Socket socket, InputStream fromUpstream)
      throws IOException, InterruptedException {
    socket.setSoTimeout(0);
    exchange.responseStarted(status, head, ACCESS);
    answered = true;
    client.out.write(head.bytes());
    new PlainTunnel(exchange.startTunnel(kind), client, socket).run(fromUpstream);
  }

  /** Responds to a failure of the origin, unless a response was started. */
  private boolean failed(IOException failure) {
    ProxyError error = ProxyError.of(failure);
    dialFailed = true;
    dial.fail(Side.UPSTREAM, error, failure);
    attempt.fail(Side.UPSTREAM, error, failure);
    exchange.note(Side.UPSTREAM, error, failure);
    if (answered) {
      exchange.fail(Side.UPSTREAM, error, failure);
      return false;
    }
    int status = error == ProxyError.CONNECTION_READ_TIMEOUT ? 504 : 502;
    PlainHead head = new PlainHead("HTTP/1.1 " + status + " Failed");
    ACCESS.add(head, "Content-Length", "0");
    ACCESS.add(head, "Connection", "close");
    try {
      exchange.responseStarted(status, head, ACCESS);
      client.out.write(head.bytes());
      exchange.end();
    } catch (IOException gone) {
      exchange.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, gone);
    }
    return false;
  }

  private static PlainHead responseHead(InputStream in) throws IOException {
    PlainHead head = PlainHead.read(in);
    if (head == null) {
      throw new EOFException("closed before a response");
    }
    return head;
  }
}
