package io.github.proxytelemetry.otel.tracing;

import org.jspecify.annotations.Nullable;

/**
 * The {@code url.query} of a request target. Values that the HTTP conventions name are credentials
 * and are redacted; names are compared without regard to case.
 */
final class UrlQuery {
  private static final String[] SECRETS = {
    "AWSAccessKeyId",
    "Signature",
    "sig",
    "X-Amz-Credential",
    "X-Amz-Security-Token",
    "X-Amz-Signature",
    "X-Goog-Signature"
  };

  private UrlQuery() {}

  /** Returns {@code null} where there is no query. */
  static @Nullable String of(String target) {
    int at = target.indexOf('?') + 1;
    int fragment = target.indexOf('#');
    int end = fragment < 0 ? target.length() : fragment;
    if (at == 0 || at >= end) {
      return null;
    }
    StringBuilder query = new StringBuilder();
    while (at <= end && query.length() < Text.MAX_LENGTH) {
      int next = endOfPair(target, at, end);
      appendPair(query, target, at, next);
      if (next < end) {
        query.append('&');
      }
      at = next + 1;
    }
    return Text.cut(query.toString());
  }

  private static void appendPair(StringBuilder query, String target, int from, int to) {
    int equals = target.indexOf('=', from);
    if (equals > 0 && equals < to && isSecret(target, from, equals)) {
      query.append(target, from, equals).append("=REDACTED");
    } else {
      query.append(target, from, Math.min(to, from + Text.MAX_LENGTH + 1));
    }
  }

  private static int endOfPair(String target, int from, int end) {
    int ampersand = target.indexOf('&', from);
    return ampersand < 0 || ampersand > end ? end : ampersand;
  }

  private static boolean isSecret(String target, int from, int to) {
    for (String secret : SECRETS) {
      if (secret.length() == to - from
          && target.regionMatches(true, from, secret, 0, secret.length())) {
        return true;
      }
    }
    return false;
  }
}
