package io.github.proxytelemetry.hosts;

import io.github.proxytelemetry.testing.RawClient;
import io.github.proxytelemetry.testing.RawMessage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** One client's requests, and a transcript of what it received. */
public final class ClientScript {
  /** Requests of a test. */
  @FunctionalInterface
  public interface Play {
    /** Sends requests to the proxy. */
    void on(ClientScript client) throws Exception;
  }

  /** Identity of an object in an error page. */
  private static final Pattern HASH = Pattern.compile("@[0-9a-f]{4,8}\\b");

  private final InetSocketAddress proxy;
  private final String prefix;
  private final String authority;
  private final List<String> received = new ArrayList<>();
  private final Map<Integer, Integer> statuses = new TreeMap<>();
  private int timed;

  ClientScript(InetSocketAddress proxy, InetSocketAddress origin, boolean forward) {
    this.proxy = proxy;
    this.authority = origin.getAddress().getHostAddress() + ":" + origin.getPort();
    this.prefix = forward ? "http://" + authority : "";
  }

  /** Returns the proxy's address. */
  public InetSocketAddress proxy() {
    return proxy;
  }

  /** Opens a connection to the proxy. */
  public RawClient connect() throws IOException {
    return RawClient.connect(proxy);
  }

  /** Returns the address of the origin, for a Host header. */
  public String authority() {
    return authority;
  }

  String target(String path) {
    return prefix + path;
  }

  /** Sends a request with the given header lines and body. */
  void send(RawClient client, String method, String path, String headers, String body)
      throws IOException {
    client.send(
        method
            + " "
            + target(path)
            + " HTTP/1.1\r\nHost: "
            + authority
            + "\r\n"
            + headers
            + "\r\n"
            + body);
  }

  void get(RawClient client, String path) throws IOException {
    send(client, "GET", path, "", "");
    read(client, "GET");
  }

  void read(RawClient client, String method) throws IOException {
    record(client.readResponse(method));
  }

  /** Adds a response to the transcript. */
  void record(RawMessage response) {
    statuses.merge(response.status(), 1, Integer::sum);
    timed += response.headers("server-timing").size();
    record(
        response.startLine()
            + " "
            + response.headerLines().stream().filter(ClientScript::isOfTheHost).sorted().toList()
            + " "
            + summary(HASH.matcher(response.body()).replaceAll("@"))
            + " "
            + response.trailerLines());
  }

  /** Adds anything to the transcript. */
  public void record(String line) {
    received.add(line.replace(authority, "origin"));
  }

  /** Counts a response of which the client did not read everything. */
  public void count(int status) {
    statuses.merge(status, 1, Integer::sum);
  }

  List<String> received() {
    return received;
  }

  /** Returns the number of final responses by status. */
  Map<Integer, Integer> statuses() {
    return statuses;
  }

  /** Returns the number of Server-Timing headers. */
  int timed() {
    return timed;
  }

  private static boolean isOfTheHost(String line) {
    String name = line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT);
    return !name.equals("server-timing") && !name.equals("date");
  }

  private static String summary(String body) {
    if (body.length() < 1000) {
      return body;
    }
    CRC32 sum = new CRC32();
    sum.update(body.getBytes(StandardCharsets.ISO_8859_1));
    return body.length() + " bytes, CRC " + Long.toHexString(sum.getValue());
  }
}
