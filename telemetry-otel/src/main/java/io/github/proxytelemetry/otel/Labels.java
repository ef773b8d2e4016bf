package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.semconv.HttpAttributes;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The closed sets of label values, and the small numbers that stand for them while recording.
 * Nothing from the network gets past this class.
 */
final class Labels {
  /** RFC 9110, section 9, and RFC 5789; the last one is for every other method. */
  private static final String[] METHODS = {
    "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "_OTHER"
  };

  /** Every value that there is no word for, as the conventions say. */
  static final String OTHER = "_OTHER";

  private static final String[] SCHEMES = {"http", "https", OTHER};
  private static final String[] PROTOCOLS = {"1.0", "1.1", "2", "3"};

  /** How many {@linkplain #inProgress combinations} of method and scheme there are. */
  static final int PLACES = METHODS.length * SCHEMES.length;

  static final int CONNECT = 5;
  private static final int OTHER_METHOD = METHODS.length - 1;

  private static final int FIRST_STATUS = 100;
  private static final int LAST_STATUS = 599;
  private static final int FIRST_ERROR_STATUS = 400;
  private static final ProxyError[] ERRORS = ProxyError.values();
  static final int ABORTED = LAST_STATUS - FIRST_STATUS + 1;
  static final int NONE = ABORTED + 1;

  static final int SUCCESS = 0;
  static final int FAILED = 1;
  static final int TIMEOUT = 2;
  static final int CANCELED = 3;

  static final int RECEIVED = 0;
  static final int SENT = 1;

  private static final int SIDES = Side.values().length;

  /** What nearly every proxy answers sooner or later. */
  private static final Set<String> USUAL_STATUSES =
      Set.of(
          "200", "201", "204", "206", "301", "302", "304", "400", "401", "403", "404", "407", "429",
          "500", "502", "503", "504", "aborted", "none");

  private Labels() {}

  /**
   * An adapter need not be compiled with null checks, so {@code null} is a method like any other.
   */
  static int method(@Nullable String method) {
    if (method == null) {
      return OTHER_METHOD;
    }
    return switch (method) {
      case "GET" -> 0;
      case "HEAD" -> 1;
      case "POST" -> 2;
      case "PUT" -> 3;
      case "DELETE" -> 4;
      case "CONNECT" -> CONNECT;
      case "OPTIONS" -> 6;
      case "TRACE" -> 7;
      case "PATCH" -> 8;
      default -> OTHER_METHOD;
    };
  }

  static String methodName(int method) {
    return METHODS[method];
  }

  /** What a span is called by: the conventions want {@code HTTP} for a method that is not known. */
  static String spanName(int method) {
    return method == OTHER_METHOD ? "HTTP" : METHODS[method];
  }

  static boolean isStatus(int status) {
    return status >= FIRST_STATUS && status <= LAST_STATUS;
  }

  static int status(int status) {
    return isStatus(status) ? status - FIRST_STATUS : NONE;
  }

  static int scheme(@Nullable String scheme) {
    return "http".equals(scheme) ? 0 : "https".equals(scheme) ? 1 : 2;
  }

  static String schemeName(int scheme) {
    return SCHEMES[scheme];
  }

  /** The number of a combination of method and scheme. */
  static int inProgress(int method, @Nullable String scheme) {
    return method * SCHEMES.length + scheme(scheme);
  }

  /** The method in such a combination. */
  static int methodInProgress(int combination) {
    return combination / SCHEMES.length;
  }

  /** 0 is for a version that is not known. */
  static int protocol(@Nullable String version) {
    if (version == null) {
      return 0;
    }
    return switch (version) {
      case "1.0" -> 1;
      case "1.1" -> 2;
      case "2" -> 3;
      case "3" -> 4;
      default -> 0;
    };
  }

  static @Nullable String protocolName(int protocol) {
    return protocol == 0 ? null : PROTOCOLS[protocol - 1];
  }

  static String statusName(int status) {
    return status == ABORTED
        ? "aborted"
        : status == NONE ? "none" : Integer.toString(FIRST_STATUS + status);
  }

  /** What the conventions call {@code error.type}: a token, or else a status that is an error. */
  static int errorType(@Nullable ProxyError error, int status, int firstErrorStatus) {
    if (error != null) {
      return 1 + number(error);
    }
    return isStatus(status) && status >= firstErrorStatus
        ? 1 + ERRORS.length + status - FIRST_ERROR_STATUS
        : 0;
  }

  static @Nullable String errorTypeName(int errorType) {
    if (errorType == 0) {
      return null;
    }
    return errorType <= ERRORS.length
        ? ERRORS[errorType - 1].token()
        : Integer.toString(FIRST_ERROR_STATUS + errorType - 1 - ERRORS.length);
  }

  /**
   * Adds a label with the type that the conventions give to its key: what they count as a number is
   * one, and is absent where there is none. A label without a value is absent too.
   */
  static void put(
      AttributesBuilder attributes, String key, Dimension dimension, @Nullable String value) {
    if (value == null) {
      return;
    }
    if (dimension == Dimension.SERVER_PORT) {
      attributes.put(key, Long.parseLong(value));
    } else if (key.equals(HttpAttributes.HTTP_RESPONSE_STATUS_CODE.getKey())) {
      if (Character.isDigit(value.charAt(0))) {
        attributes.put(key, Long.parseLong(value));
      }
    } else {
      attributes.put(key, value);
    }
  }

  static int error(ProxyError error, Side side) {
    return number(error) * SIDES + number(side);
  }

  static int direction(int direction, Side side) {
    return direction * SIDES + number(side);
  }

  /** The number of a value of a dimension that is an enum of the API. */
  // The values are laid out by the same ordinals, in the same run of the program.
  @SuppressWarnings("EnumOrdinal")
  static int number(Enum<?> value) {
    return value.ordinal();
  }

  /** Every value of a dimension, at the place that its number says. */
  static String[] values(Dimension dimension) {
    return switch (dimension) {
      case METHOD -> METHODS.clone();
      case STATUS ->
          Stream.concat(
                  IntStream.rangeClosed(FIRST_STATUS, LAST_STATUS).mapToObj(Integer::toString),
                  Stream.of("aborted", "none"))
              .toArray(String[]::new);
      case ERROR ->
          Arrays.stream(ProxyError.values()).map(ProxyError::token).toArray(String[]::new);
      case SIDE -> lowerCase(Side.values());
      case OUTCOME -> new String[] {"success", "failed", "timeout", "canceled"};
      case DIRECTION -> new String[] {"received", "sent"};
      case KIND -> lowerCase(TunnelKind.values());
      case SCHEME -> SCHEMES.clone();
      case PROTOCOL, ROUTE, UPSTREAM_ROUTE, UPSTREAM, SERVER_ADDRESS, SERVER_PORT, STAGE ->
          throw new IllegalArgumentException("not numbered: " + dimension);
    };
  }

  /**
   * Whether a value is exported before it was ever seen. A rate needs two samples of a series, so
   * the first of a new one is lost to it; but a hundred series that stay 0 help nobody.
   */
  static boolean isUsual(Dimension dimension, String value) {
    return switch (dimension) {
      case METHOD, OUTCOME, DIRECTION, KIND -> true;
      case STATUS -> USUAL_STATUSES.contains(value);
      case ERROR -> false;
      case SIDE -> !value.equals("proxy");
      case SCHEME, PROTOCOL, ROUTE, UPSTREAM_ROUTE, UPSTREAM, SERVER_ADDRESS, SERVER_PORT, STAGE ->
          false;
    };
  }

  private static String[] lowerCase(Enum<?>[] values) {
    return Arrays.stream(values)
        .map(value -> value.name().toLowerCase(Locale.ROOT))
        .toArray(String[]::new);
  }
}
