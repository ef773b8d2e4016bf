package io.github.proxytelemetry.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http2.H2Error;
import org.jspecify.annotations.Nullable;

/** What came on one stream of HTTP/2. */
final class RawStream {
  private final List<List<Header>> blocks = new ArrayList<>();
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();
  private boolean ending;
  private boolean ended;
  private @Nullable H2Error error;

  /** A head or trailers begin; their block may go on in further frames. */
  void head(boolean last) {
    ending |= last;
  }

  /** A block is complete. */
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

  /** Whether the final response's head is there. */
  boolean isAnswered() {
    return blocks.stream().anyMatch(block -> !isInterim(block));
  }

  boolean ended() {
    return ended;
  }

  /** What the stream was reset with. */
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

  /** Every value of a header of the request or the final response. */
  List<String> header(String name) {
    return blocks.stream()
        .filter(block -> !isInterim(block))
        .findFirst()
        .map(block -> values(block, name))
        .orElse(List.of());
  }

  /** Every value of a trailer. */
  List<String> trailer(String name) {
    List<List<Header>> last = blocks.stream().filter(block -> !isInterim(block)).toList();
    return last.size() < 2 ? List.of() : values(last.get(1), name);
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
