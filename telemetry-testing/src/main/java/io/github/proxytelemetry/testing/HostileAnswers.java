package io.github.proxytelemetry.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Answer of an origin that follows no rule, chosen by a seed. */
final class HostileAnswers {
  /** Part of everything in an answer that the origin can choose. */
  static final String CANARY = "canary7f3a9c";

  private static final int KINDS = 14;
  private static final String CRLF = "\r\n";
  private static final String BODY = CANARY + " body";
  private static final String LENGTH = "Content-Length: " + BODY.length() + CRLF;

  private static final String[] STATUS_LINES = {
    CANARY,
    "HTTP/1.1",
    "HTTP/1.1 ",
    "HTTP/1.1 abc " + CANARY,
    "HTTP/9.9 200 OK",
    "HTTP/1.1 99999 OK",
    "HTTP/1.1 -1 OK",
    "HTTP/1.1 099 OK",
    "HTTP/1.1 600 " + CANARY,
    "HTTP/1.1 999 " + CANARY,
    "HTTP/1.1  200  OK",
    "ICY 200 OK",
    "HTTP/1.0 200",
    "http/1.1 200 ok",
    "\r\n\r\nHTTP/1.1 200 OK",
    "HTTP/1.1 200 \u00e4\u0000\u00ff" + CANARY,
    "HTTP/2 200",
    "PRI * HTTP/2.0"
  };

  /**
   * No unknown ones, and 100 only once: Jetty's ProxyHandler takes the former for a final response
   * and waits for ever after a second 100, with telemetry or without.
   */
  private static final String[] INTERIM = {"102", "103"};

  private static final String[] LENGTHS = {
    "Content-Length: 3\r\nContent-Length: 30\r\n",
    LENGTH + "Transfer-Encoding: chunked\r\n",
    "Content-Length: -5\r\n",
    "Content-Length: 99999999999999999999\r\n",
    "Content-Length: 9223372036854775807\r\n",
    "Content-Length: 1, 2\r\n",
    "Content-Length: " + CANARY + CRLF,
    "Content-Length: +5\r\n",
    "Content-Length:\r\n",
    "Transfer-Encoding: " + CANARY + CRLF,
    "Transfer-Encoding: chunked, chunked\r\n",
    "Transfer-Encoding: identity\r\n"
  };

  private static final String[] CHUNKS = {
    "zz\r\n" + BODY,
    "FFFFFFFFFFFFFFFFF\r\n" + BODY,
    "7fffffff\r\n" + BODY,
    "-1\r\n" + BODY,
    "5\r\nabc",
    "3\r\nabcdef\r\n0\r\n\r\n",
    "3;" + CANARY + "=\u00ff\r\nabc\r\n0\r\n" + CANARY + ": 1\r\n\r\n",
    "0\r\nno colon " + CANARY + "\r\n\r\n",
    "0\r\nContent-Length: 5\r\n\r\n",
    CRLF,
    "\u0000\u0001\u0002"
  };

  private static final String[] TRACED = {
    "Server-Timing",
    "traceparent",
    "tracestate",
    "traceresponse",
    "baggage",
    "b3",
    "X-B3-TraceId",
    "uber-trace-id",
    "X-Amzn-Trace-Id",
    "grpc-status",
    "grpc-message"
  };

  private static final String[] VALUES = {
    CANARY,
    "%zz" + CANARY,
    ";;;,,,===" + CANARY,
    "00-" + "0".repeat(32) + "-" + "0".repeat(16) + "-01",
    "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff" + CANARY,
    CANARY + ";dur=NaN;desc=\"" + CANARY,
    CANARY + ";dur=-1e309,;dur=1",
    "\u00e4\u00f6\u00ff" + CANARY,
    "99999999999999999999999",
    CANARY + "=" + "x".repeat(5_000),
    ""
  };

  private final Random random;

  HostileAnswers(long seed) {
    // The first numbers of neighbouring seeds resemble each other.
    random = new Random(seed * 0x9E3779B97F4A7C15L);
  }

  /** Sends the answer to a request that was read, and usually closes the connection. */
  void play(ScriptedOrigin.Connection connection) throws IOException {
    int kind = random.nextInt(KINDS);
    if (kind == 0) {
      connection.send(ok(traced()));
      return;
    }
    byte[] answer = answer(kind).getBytes(StandardCharsets.ISO_8859_1);
    int length = random.nextInt(6) == 0 ? random.nextInt(answer.length + 1) : answer.length;
    int first = random.nextBoolean() ? length : random.nextInt(length + 1);
    connection.send(Arrays.copyOf(answer, first));
    if (first < length) {
      connection.send(Arrays.copyOfRange(answer, first, length));
    }
    if (random.nextInt(3) == 0) {
      connection.reset();
    } else {
      connection.close();
    }
  }

  private String answer(int kind) {
    return switch (kind) {
      case 1 -> any(STATUS_LINES) + CRLF + headers() + LENGTH + CRLF + BODY;
      case 2 -> interim() + ok(traced());
      case 3 ->
          "HTTP/1.1 101 "
              + CANARY
              + "\r\nConnection: upgrade\r\nUpgrade: "
              + CANARY
              + CRLF
              + CRLF
              + BODY;
      case 4 -> "HTTP/1.1 200 OK\r\n" + headers() + any(LENGTHS) + CRLF + BODY;
      case 5, 6 ->
          "HTTP/1.1 200 OK\r\n"
              + headers()
              + "Transfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n"
              + any(CHUNKS);
      case 7 -> ok(bomb());
      case 8, 9 -> cut(ok(headers()));
      case 10 -> ok(traced()) + "HTTP/1.1 " + noise(random.nextInt(200));
      case 11 -> noise(1 + random.nextInt(2_000));
      case 12 ->
          "HTTP/1.1 "
              + (random.nextBoolean() ? 204 : 304)
              + " "
              + CANARY
              + CRLF
              + headers()
              + LENGTH
              + CRLF
              + BODY;
      default -> "";
    };
  }

  private static String ok(String headers) {
    return "HTTP/1.1 200 OK\r\n" + headers + LENGTH + CRLF + BODY;
  }

  private String interim() {
    StringBuilder flood = new StringBuilder();
    for (int left = 1 + random.nextInt(60); left > 0; left--) {
      String status = flood.length() == 0 && random.nextBoolean() ? "100" : any(INTERIM);
      flood.append("HTTP/1.1 ").append(status).append(' ').append(CANARY).append(CRLF);
      flood.append(headers()).append(CRLF);
    }
    return flood.toString();
  }

  private String headers() {
    return random.nextInt(3) == 0 ? traced() : "X-Plain: " + CANARY + CRLF;
  }

  private String traced() {
    StringBuilder lines = new StringBuilder();
    for (int left = random.nextInt(8); left > 0; left--) {
      lines.append(any(TRACED)).append(": ").append(any(VALUES)).append(CRLF);
    }
    return lines.toString();
  }

  private String bomb() {
    return switch (random.nextInt(6)) {
      case 0 -> ("X-" + CANARY + ": " + "a".repeat(100) + CRLF).repeat(300);
      case 1 -> "X-Long: " + CANARY + "b".repeat(70_000) + CRLF;
      case 2 -> "no colon " + CANARY + CRLF;
      case 3 -> "X-Nul: \u0000" + CANARY + CRLF;
      case 4 -> "X-Space : " + CANARY + CRLF + " folded " + CANARY + CRLF;
      default -> ": " + CANARY + CRLF;
    };
  }

  private String cut(String message) {
    return message.substring(0, random.nextInt(message.length()));
  }

  private String noise(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return CANARY + new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private String any(String[] of) {
    return of[random.nextInt(of.length)];
  }
}
