package io.github.proxytelemetry.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A client that sends what it is told, right or wrong, and reads what comes. */
public final class RawClient extends RawSocket {
  private RawClient(Socket socket) throws IOException {
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
    Socket socket = new Socket();
    socket.connect(address, TIMEOUT_MILLIS);
    return new RawClient(socket);
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
