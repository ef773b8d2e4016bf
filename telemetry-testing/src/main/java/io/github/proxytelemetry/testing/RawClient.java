package io.github.proxytelemetry.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;

/** A client that sends what it is told, right or wrong, and reads what comes. */
public final class RawClient extends RawSocket {
  private RawClient(CountedSocket socket) throws IOException {
    super(socket);
  }

  /**
   * Connects.
   *
   * @param address where to
   * @return the connected client
   * @throws IOException if nobody listens
   */
  public static RawClient connect(InetSocketAddress address) throws IOException {
    CountedSocket socket = new CountedSocket();
    socket.connect(address, TIMEOUT_MILLIS);
    return new RawClient(socket);
  }

  /**
   * Speaks TLS from here on.
   *
   * @param context what is trusted
   * @param name the server name to ask for (RFC 6066, section 3)
   * @param protocols what to offer by ALPN (RFC 7301), in the order of preference
   * @return the session, after the handshake
   * @throws IOException if the handshake fails
   */
  SSLSession startTls(SSLContext context, String name, String... protocols) throws IOException {
    return startTls(
        context,
        true,
        socket -> {
          SSLParameters parameters = socket.getSSLParameters();
          parameters.setServerNames(List.of(new SNIHostName(name)));
          parameters.setApplicationProtocols(protocols);
          socket.setSSLParameters(parameters);
        });
  }

  /**
   * Reads one final response to a {@code GET}, and the interim ones before it.
   *
   * @return the final response
   * @throws IOException if the peer closes before it is complete
   */
  public RawMessage readResponse() throws IOException {
    return readResponse("GET");
  }

  /**
   * Reads one final response, and the interim ones before it.
   *
   * @param requestMethod the method of the request, which decides on the content (RFC 9112, 6.3)
   * @return the final response
   * @throws IOException if the peer closes before it is complete
   */
  public RawMessage readResponse(String requestMethod) throws IOException {
    return reader.response(requestMethod);
  }
}
