package io.github.proxytelemetry.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http2.H2Error;
import org.jspecify.annotations.Nullable;

/** Received headers, data and state of an HTTP/2 stream. */
final class RawStream {
  private final List<List<Header>> blocks = new ArrayList<>();
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();
  private boolean ending;
  private boolean ended;
  private @Nullable H2Error error;

  /** Starts a header block or trailer block, which may continue in further frames. */
  void head(boolean last) {
    ending |= last;
  }

  /** Completes a block. */
  void add(List<Header> block) {
    blocks.add(block);
    ended |= ending;
  }

  void add(byte[] data, boolean last) {
    content.writeBytes(data);
    ended |= last;
  }

  void reset(@Nullable H2Error with) {
    error = with;
  }

  boolean hasHead() {
    return !blocks.isEmpty();
  }

  /** Whether the head of the final response was received. */
  boolean isAnswered() {
    return blocks.stream().anyMatch(block -> !isInterim(block));
  }

  boolean ended() {
    return ended;
  }

  /** Returns the error code of RST_STREAM. */
  @Nullable H2Error error() {
    return error;
  }

  String content() {
    return content.toString(StandardCharsets.ISO_8859_1);
  }

  int status() {
    return Integer.parseInt(header(":status").get(0));
  }

  List<Integer> interim() {
    return blocks.stream()
        .filter(RawStream::isInterim)
        .map(block -> Integer.valueOf(values(block, ":status").get(0)))
        .toList();
  }

  /** Returns all values of a header of the request or the final response. */
  List<String> header(String name) {
    return blocks.stream()
        .filter(block -> !isInterim(block))
        .findFirst()
        .map(block -> values(block, name))
        .orElse(List.of());
  }

  /** Returns everything but the headers that telemetry adds, and the date. */
  String withoutOurs() {
    return blocks.stream()
            .map(block -> block.stream().filter(header -> !isOurs(header.getName())).toList())
            .toList()
        + content();
  }

  /** Returns all values of a trailer. */
  List<String> trailer(String name) {
    List<List<Header>> last = blocks.stream().filter(block -> !isInterim(block)).toList();
    return last.size() < 2 ? List.of() : values(last.get(1), name);
  }

  private static boolean isOurs(String name) {
    return name.equals("server-timing") || name.equals("date");
  }

  private static boolean isInterim(List<Header> block) {
    return values(block, ":status").stream().anyMatch(status -> status.startsWith("1"));
  }

  private static List<String> values(List<Header> block, String name) {
    return block.stream()
        .filter(header -> header.getName().equals(name))
        .map(Header::getValue)
        .toList();
  }

  @Override
  public String toString() {
    return blocks + " " + content.size() + " bytes, ended " + ended + ", reset " + error;
  }
}
