package io.github.proxytelemetry.otel.metrics;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.semconv.HttpAttributes;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Closed sets of label values, and the small numbers that stand for them while recording. No string
 * from the network gets past this class.
 */
public final class LabelValues {
  /** The conventions' value for what is outside a closed set. */
  public static final String OTHER = "_OTHER";

  private static final String[] SCHEMES = {"http", "https", OTHER};
  private static final @Nullable String[] PROTOCOLS = {null, "1.0", "1.1", "2", "3"};
  private static final String[] OUTCOMES = {"success", "failed", "timeout", "canceled"};
  private static final String[] DIRECTIONS = {"received", "sent"};

  public static final int SWITCHING_PROTOCOLS = 101;

  private static final int FIRST_STATUS = 100;
  private static final int LAST_STATUS = 599;
  private static final int FIRST_ERROR_STATUS = 400;
  private static final ProxyError[] ERRORS = ProxyError.values();
  private static final Side[] SIDES = Side.values();
  private static final TunnelKind[] KINDS = TunnelKind.values();

  /** In place of a status: the client left before there was one. */
  public static final int ABORTED = LAST_STATUS - FIRST_STATUS + 1;

  /** In place of a status: there was none. */
  public static final int NONE = ABORTED + 1;

  /** In place of a status that nobody has registered: its class, of which this is 1xx. */
  private static final int FIRST_CLASS = NONE + 1;

  private static final int ERROR_CLASSES = ERRORS.length + LAST_STATUS - FIRST_ERROR_STATUS + 2;

  // Outcomes of attempts.
  public static final int SUCCESS = 0;
  public static final int FAILED = 1;
  public static final int TIMEOUT = 2;
  public static final int CANCELED = 3;

  // Directions of wire bytes.
  public static final int RECEIVED = 0;
  public static final int SENT = 1;

  /** Statuses that nearly every proxy answers sooner or later. */
  private static final List<Integer> USUAL_STATUSES =
      List.of(200, 201, 204, 206, 301, 302, 304, 400, 401, 403, 404, 407, 429, 500, 502, 503, 504);

  private LabelValues() {}

  /**
   * Whether a status is that of an interim response (RFC 9110, section 15.2), which a 101 is not.
   */
  public static boolean isInterim(int status) {
    return status >= 100 && status < 200 && status != SWITCHING_PROTOCOLS;
  }

  public static boolean isStatus(int status) {
    return status >= FIRST_STATUS && status <= LAST_STATUS;
  }

  /** The number of a status; of its class, if it is not a registered one. */
  public static int status(int status) {
    if (!isStatus(status)) {
      return NONE;
    }
    return RegisteredStatuses.contains(status)
        ? status - FIRST_STATUS
        : FIRST_CLASS + status / 100 - 1;
  }

  static String statusName(int status) {
    if (status >= FIRST_CLASS) {
      return className(1 + status - FIRST_CLASS);
    }
    return status == ABORTED
        ? "aborted"
        : status == NONE ? "none" : Integer.toString(FIRST_STATUS + status);
  }

  static int scheme(@Nullable String scheme) {
    return "http".equals(scheme) ? 0 : "https".equals(scheme) ? 1 : 2;
  }

  static String schemeName(int scheme) {
    return SCHEMES[scheme];
  }

  /** The number of an HTTP version, 0 for one that is not known. */
  public static int protocol(@Nullable String version) {
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

  public static @Nullable String protocolName(int protocol) {
    return PROTOCOLS[protocol];
  }

  /** The conventions' {@code error.type}: an error's token, or else a status that is an error. */
  public static int errorType(@Nullable ProxyError error, int status, int firstErrorStatus) {
    if (error != null) {
      return errorType(error);
    }
    if (!isStatus(status) || status < firstErrorStatus) {
      return 0;
    }
    return RegisteredStatuses.contains(status)
        ? 1 + ERRORS.length + status - FIRST_ERROR_STATUS
        : ERROR_CLASSES + (status - FIRST_ERROR_STATUS) / 100;
  }

  public static int errorType(ProxyError error) {
    return 1 + number(error);
  }

  static @Nullable String errorTypeName(int errorType) {
    if (errorType == 0) {
      return null;
    }
    if (errorType >= ERROR_CLASSES) {
      return className(FIRST_ERROR_STATUS / 100 + errorType - ERROR_CLASSES);
    }
    return errorType <= ERRORS.length
        ? ERRORS[errorType - 1].token()
        : Integer.toString(FIRST_ERROR_STATUS + errorType - 1 - ERRORS.length);
  }

  static String sideName(int side) {
    return lowerCase(SIDES[side]);
  }

  static String kindName(int kind) {
    return lowerCase(KINDS[kind]);
  }

  static String outcomeName(int outcome) {
    return OUTCOMES[outcome];
  }

  static String directionName(int direction) {
    return DIRECTIONS[direction];
  }

  /**
   * Adds a label with the type that the conventions give to its key: numbers are integers, and are
   * absent where there is none. A label without a value is absent.
   */
  static void put(
      AttributesBuilder attributes, String key, Dimension dimension, @Nullable String value) {
    if (value == null) {
      return;
    }
    if (dimension == Dimension.SERVER_PORT) {
      attributes.put(key, Long.parseLong(value));
    } else if (isFlag(dimension)) {
      attributes.put(key, Boolean.parseBoolean(value));
    } else if (key.equals(HttpAttributes.HTTP_RESPONSE_STATUS_CODE.getKey())) {
      if (Character.isDigit(value.charAt(value.length() - 1))) {
        attributes.put(key, Long.parseLong(value));
      }
    } else {
      attributes.put(key, value);
    }
  }

  private static boolean isFlag(Dimension dimension) {
    return dimension == Dimension.COMPLETE
        || dimension == Dimension.CANCELED
        || dimension == Dimension.FAILED;
  }

  /** The number of an enum value of the model. */
  // Values are packed and unpacked by the same ordinals, in the same run of the program.
  @SuppressWarnings("EnumOrdinal")
  public static int number(Enum<?> value) {
    return value.ordinal();
  }

  /**
   * Values whose series are exported from the start. A rate needs two samples of a series, so the
   * first event of a new one is lost to it; but a hundred series that stay 0 are noise.
   */
  static int[] usual(Dimension dimension) {
    return switch (dimension) {
      case STATUS ->
          IntStream.concat(
                  USUAL_STATUSES.stream().mapToInt(LabelValues::status),
                  IntStream.of(ABORTED, NONE))
              .toArray();
      case SIDE -> new int[] {number(Side.DOWNSTREAM), number(Side.UPSTREAM)};
      case OUTCOME -> IntStream.range(0, OUTCOMES.length).toArray();
      case DIRECTION -> IntStream.range(0, DIRECTIONS.length).toArray();
      case KIND -> IntStream.range(0, KINDS.length).toArray();
      // Upstreams have no names until the host gives them some.
      case UPSTREAM -> new int[] {InternTable.NONE};
      case METHOD,
          ERROR,
          SCHEME,
          PROTOCOL,
          ROUTE,
          UPSTREAM_ROUTE,
          SERVER_ADDRESS,
          SERVER_PORT,
          DOWNSTREAM_METHOD,
          COMPLETE,
          CANCELED,
          FAILED,
          STAGE ->
          new int[0];
    };
  }

  private static String className(int firstDigit) {
    return firstDigit + "xx";
  }

  private static String lowerCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
