package io.github.proxytelemetry.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;

/** Client that sends arbitrary bytes, valid HTTP or not, and reads HTTP/1.1 responses. */
public final class RawClient extends RawSocket {
  private RawClient(CountedSocket socket) throws IOException {
    super(socket);
  }

  /**
   * Connects.
   *
   * @param address the address of the server
   * @return the connected client
   * @throws IOException if the connection is refused
   */
  public static RawClient connect(InetSocketAddress address) throws IOException {
    CountedSocket socket = new CountedSocket();
    socket.connect(address, TIMEOUT_MILLIS);
    return new RawClient(socket);
  }

  /**
   * Starts TLS as a client.
   *
   * @param context the trusted certificates
   * @param name the server name for SNI (RFC 6066, section 3)
   * @param protocols the protocols to offer by ALPN (RFC 7301), in order of preference
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
   * Reads the final response to a {@code GET}, and the interim responses before it.
   *
   * @return the final response
   * @throws IOException if the peer disconnects before it is complete
   */
  public RawMessage readResponse() throws IOException {
    return readResponse("GET");
  }

  /**
   * Reads a final response, and the interim responses before it.
   *
   * @param requestMethod the method of the request, which determines whether the response has
   *     content (RFC 9112, section 6.3)
   * @return the final response
   * @throws IOException if the peer disconnects before it is complete
   */
  public RawMessage readResponse(String requestMethod) throws IOException {
    return reader.response(requestMethod);
  }
}
