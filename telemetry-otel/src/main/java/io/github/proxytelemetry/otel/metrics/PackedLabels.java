package io.github.proxytelemetry.otel.metrics;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Label values of one event packed into a {@code long}, each as a small number in bits of its own,
 * and unpacked to {@code Attributes} when a series is created.
 */
public final class PackedLabels {
  /** A longer route was not written by a person, and would be repeated by each of its series. */
  static final int MAX_LENGTH = 255;

  private static final int SCHEME = 4;
  private static final int STATUS = 6;
  private static final int ERROR = 15;
  private static final int PROTOCOL = 23;
  private static final int ROUTE = 26;
  private static final int UPSTREAM_ROUTE = 36;
  private static final int UPSTREAM = 46;
  private static final int SIDE = 56;
  private static final int OUTCOME = 58;
  private static final int DIRECTION = 60;
  private static final int KIND = 61;
  private static final int END = 63;

  // Layers have none of side, outcome, direction and kind, so these take their bits.
  private static final int DOWNSTREAM_METHOD = SIDE;
  private static final int COMPLETE = DIRECTION;
  private static final int CANCELED = COMPLETE + 1;
  private static final int FAILED = CANCELED + 1;

  /**
   * The bits of scheme and protocol, which are read from a request only where a metric has them.
   */
  static final long TRANSPORT = bits(Dimension.SCHEME) | bits(Dimension.PROTOCOL);

  private final Methods methods;
  private final InternTable<String> routes;
  private final InternTable<String> upstreamRoutes;
  private final InternTable<Upstream> upstreams;

  /**
   * @param overflows counts look-ups of names beyond the limits
   */
  PackedLabels(Methods methods, LongAdder overflows) {
    this.methods = methods;
    routes = new InternTable<>(overflows);
    upstreamRoutes = new InternTable<>(overflows);
    upstreams = new InternTable<>(overflows);
  }

  public static long method(int method) {
    return method;
  }

  /** Packs the client's method on an upstream's request; negative where there is no client. */
  public static long downstreamMethod(int method) {
    return (long) (method < 0 ? Methods.NONE : method) << DOWNSTREAM_METHOD;
  }

  /** Packs how an exchange or an attempt ended; one that was canceled has not failed. */
  public static long result(boolean complete, boolean canceled, boolean failed) {
    return (complete ? 1L << COMPLETE : 0)
        | (canceled ? 1L << CANCELED : 0)
        | (failed && !canceled ? 1L << FAILED : 0);
  }

  public static long scheme(@Nullable String scheme) {
    return (long) LabelValues.scheme(scheme) << SCHEME;
  }

  /** Packs {@link LabelValues#status}, {@link LabelValues#ABORTED} or {@link LabelValues#NONE}. */
  public static long status(int status) {
    return (long) status << STATUS;
  }

  /** Packs {@link LabelValues#errorType}. */
  public static long error(int errorType) {
    return (long) errorType << ERROR;
  }

  public static long error(ProxyError error, Side side) {
    return error(LabelValues.errorType(error)) | side(side);
  }

  static long protocol(@Nullable String version) {
    return (long) LabelValues.protocol(version) << PROTOCOL;
  }

  /** The same labels with another {@link LabelValues#protocol}. */
  public static long withProtocol(long labels, int protocol) {
    return (labels & ~bits(Dimension.PROTOCOL)) | (long) protocol << PROTOCOL;
  }

  public static long side(Side side) {
    return (long) LabelValues.number(side) << SIDE;
  }

  /** Packs {@link LabelValues#SUCCESS} and the like. */
  public static long outcome(int outcome) {
    return (long) outcome << OUTCOME;
  }

  /** Packs {@link LabelValues#RECEIVED} or {@link LabelValues#SENT}, and the side. */
  public static long direction(int direction, Side side) {
    return (long) direction << DIRECTION | side(side);
  }

  /** Packs the number of a {@code TunnelKind}. */
  public static long kind(int kind) {
    return (long) kind << KIND;
  }

  public long route(@Nullable String template) {
    return (long) number(routes, template) << ROUTE;
  }

  public long upstreamRoute(@Nullable String template) {
    return (long) number(upstreamRoutes, template) << UPSTREAM_ROUTE;
  }

  /** The number of an upstream with a configured name, else 0; where a user goes is no label. */
  public int upstreamNumber(@Nullable Upstream upstream) {
    boolean named = upstream != null && upstream.name() != null;
    return upstreams.number(named ? upstream : null);
  }

  /** Packs an {@link #upstreamNumber}. */
  public static long upstream(int number) {
    return (long) number << UPSTREAM;
  }

  /** Values whose series are exported from the start. */
  int[] usual(Dimension dimension) {
    return dimension == Dimension.METHOD ? methods.usual() : LabelValues.usual(dimension);
  }

  /** The bits of the dimensions that have a key. */
  static long mask(Instrument instrument, @Nullable String[] keys) {
    long mask = 0;
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] != null) {
        mask |= bits(instrument.dimensions().get(i));
      }
    }
    return mask;
  }

  static long pack(Dimension dimension, int value) {
    return (long) value << from(dimension);
  }

  Attributes attributes(Instrument instrument, @Nullable String[] keys, long labels) {
    AttributesBuilder builder = Attributes.builder();
    for (int i = 0; i < keys.length; i++) {
      Dimension dimension = instrument.dimensions().get(i);
      String key = keys[i];
      if (key != null) {
        LabelValues.put(builder, key, dimension, value(instrument, dimension, labels));
      }
    }
    return builder.build();
  }

  /** The labels of the one series that takes what exceeds the limit. */
  static Attributes overflow(Instrument instrument, @Nullable String[] keys) {
    AttributesBuilder builder = Attributes.builder();
    for (int i = 0; i < keys.length; i++) {
      Dimension dimension = instrument.dimensions().get(i);
      String key = keys[i];
      if (key == null) {
        continue;
      }
      switch (dimension) {
        case METHOD, DOWNSTREAM_METHOD, SCHEME, ROUTE, UPSTREAM_ROUTE, UPSTREAM, SERVER_ADDRESS ->
            builder.put(key, LabelValues.OTHER);
        case STAGE -> builder.put(key, instrument.stage());
        // Dimensions without a value for "other" are absent.
        case STATUS,
            ERROR,
            PROTOCOL,
            SERVER_PORT,
            SIDE,
            OUTCOME,
            DIRECTION,
            KIND,
            COMPLETE,
            CANCELED,
            FAILED -> {}
      }
    }
    return builder.build();
  }

  private @Nullable String value(Instrument instrument, Dimension dimension, long labels) {
    int number = (int) ((labels & bits(dimension)) >>> from(dimension));
    return switch (dimension) {
      case METHOD, DOWNSTREAM_METHOD -> methods.nameOrNull(number);
      case COMPLETE, CANCELED, FAILED -> Boolean.toString(number == 1);
      case SCHEME -> LabelValues.schemeName(number);
      case STATUS -> LabelValues.statusName(number);
      case ERROR -> LabelValues.errorTypeName(number);
      case PROTOCOL -> LabelValues.protocolName(number);
      case ROUTE -> name(routes, number);
      case UPSTREAM_ROUTE -> name(upstreamRoutes, number);
      case UPSTREAM, SERVER_ADDRESS, SERVER_PORT -> upstream(dimension, number);
      case SIDE -> LabelValues.sideName(number);
      case OUTCOME -> LabelValues.outcomeName(number);
      case DIRECTION -> LabelValues.directionName(number);
      case KIND -> LabelValues.kindName(number);
      case STAGE -> instrument.stage();
    };
  }

  private static int number(InternTable<String> table, @Nullable String template) {
    return template != null && template.length() > MAX_LENGTH
        ? table.overflow()
        : table.number(template);
  }

  private static @Nullable String name(InternTable<String> table, int number) {
    return number == InternTable.OTHER ? LabelValues.OTHER : table.value(number);
  }

  private @Nullable String upstream(Dimension dimension, int number) {
    if (number == InternTable.OTHER) {
      return dimension == Dimension.SERVER_PORT ? null : LabelValues.OTHER;
    }
    Upstream upstream = upstreams.value(number);
    if (upstream == null) {
      return null;
    }
    return switch (dimension) {
      case UPSTREAM -> upstream.name();
      case SERVER_PORT -> Integer.toString(upstream.port());
      default -> upstream.host();
    };
  }

  private static int from(Dimension dimension) {
    return switch (dimension) {
      case METHOD, STAGE -> 0;
      case SCHEME -> SCHEME;
      case STATUS -> STATUS;
      case ERROR -> ERROR;
      case PROTOCOL -> PROTOCOL;
      case ROUTE -> ROUTE;
      case UPSTREAM_ROUTE -> UPSTREAM_ROUTE;
      case UPSTREAM, SERVER_ADDRESS, SERVER_PORT -> UPSTREAM;
      case SIDE -> SIDE;
      case OUTCOME -> OUTCOME;
      case DIRECTION -> DIRECTION;
      case KIND -> KIND;
      case DOWNSTREAM_METHOD -> DOWNSTREAM_METHOD;
      case COMPLETE -> COMPLETE;
      case CANCELED -> CANCELED;
      case FAILED -> FAILED;
    };
  }

  private static long bits(Dimension dimension) {
    int to =
        switch (dimension) {
          case STAGE -> 0;
          case METHOD -> SCHEME;
          case SCHEME -> STATUS;
          case STATUS -> ERROR;
          case ERROR -> PROTOCOL;
          case PROTOCOL -> ROUTE;
          case ROUTE -> UPSTREAM_ROUTE;
          case UPSTREAM_ROUTE -> UPSTREAM;
          case UPSTREAM, SERVER_ADDRESS, SERVER_PORT -> SIDE;
          case SIDE -> OUTCOME;
          case OUTCOME -> DIRECTION;
          case DIRECTION -> KIND;
          case KIND, FAILED -> END;
          case DOWNSTREAM_METHOD -> COMPLETE;
          case COMPLETE -> CANCELED;
          case CANCELED -> FAILED;
        };
    int from = from(dimension);
    return ((1L << (to - from)) - 1) << from;
  }
}
