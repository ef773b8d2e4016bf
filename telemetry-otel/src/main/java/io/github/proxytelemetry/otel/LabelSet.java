package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.Upstream;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The label values of one event packed into a {@code long}, each as a small number in bits of its
 * own, and back from there to {@code Attributes}.
 */
final class LabelSet {
  private static final int SCHEME = 4;
  private static final int STATUS = 6;
  private static final int ERROR = 15;
  private static final int PROTOCOL = 23;
  private static final int ROUTE = 26;
  private static final int UPSTREAM_ROUTE = 36;
  private static final int UPSTREAM = 46;
  private static final int END = 56;

  /** The bits of scheme and protocol. */
  static final long TRANSPORT = bits(Dimension.SCHEME) | bits(Dimension.PROTOCOL);

  private final Names routes;
  private final Names upstreamRoutes;
  private final Destinations destinations;

  /** What is given counts the look-ups of names that there was no more room for. */
  LabelSet(LongAdder overflows) {
    routes = new Names(overflows);
    upstreamRoutes = new Names(overflows);
    destinations = new Destinations(overflows);
  }

  static long method(int method) {
    return method;
  }

  static long scheme(@Nullable String scheme) {
    return (long) Labels.scheme(scheme) << SCHEME;
  }

  /** A number of {@link Labels#status}, {@link Labels#ABORTED} or {@link Labels#NONE}. */
  static long status(int status) {
    return (long) status << STATUS;
  }

  /** A number of {@link Labels#errorType}. */
  static long error(int error) {
    return (long) error << ERROR;
  }

  static long protocol(@Nullable String version) {
    return (long) Labels.protocol(version) << PROTOCOL;
  }

  long route(@Nullable String template) {
    return (long) routes.number(template) << ROUTE;
  }

  long upstreamRoute(@Nullable String template) {
    return (long) upstreamRoutes.number(template) << UPSTREAM_ROUTE;
  }

  long upstream(@Nullable Upstream upstream) {
    return (long) destinations.number(upstream) << UPSTREAM;
  }

  /** The bits of the dimensions that a naming keeps of an instrument. */
  static long mask(Instrument instrument, MetricNaming naming) {
    long mask = 0;
    for (Dimension dimension : instrument.dimensions()) {
      if (naming.key(instrument, dimension) != null) {
        mask |= bits(dimension);
      }
    }
    return mask;
  }

  Attributes attributes(Instrument instrument, MetricNaming naming, long labels) {
    AttributesBuilder builder = Attributes.builder();
    for (Dimension dimension : instrument.dimensions()) {
      String key = naming.key(instrument, dimension);
      if (key != null) {
        Labels.put(builder, key, dimension, value(instrument, dimension, labels));
      }
    }
    return builder.build();
  }

  /** The labels of the one series for all that there is no room for. */
  static Attributes overflow(Instrument instrument, MetricNaming naming) {
    AttributesBuilder builder = Attributes.builder();
    for (Dimension dimension : instrument.dimensions()) {
      String key = naming.key(instrument, dimension);
      if (key == null) {
        continue;
      }
      switch (dimension) {
        case METHOD, SCHEME, ROUTE, UPSTREAM_ROUTE, UPSTREAM, SERVER_ADDRESS ->
            builder.put(key, Labels.OTHER);
        case STAGE -> builder.put(key, instrument.stage());
        // What has no other value than real ones stays away.
        case STATUS, ERROR, PROTOCOL, SERVER_PORT, SIDE, OUTCOME, DIRECTION, KIND -> {}
      }
    }
    return builder.build();
  }

  private @Nullable String value(Instrument instrument, Dimension dimension, long labels) {
    return switch (dimension) {
      case METHOD -> Labels.methodName(at(labels, 0, SCHEME));
      case SCHEME -> Labels.schemeName(at(labels, SCHEME, STATUS));
      case STATUS -> Labels.statusName(at(labels, STATUS, ERROR));
      case ERROR -> Labels.errorTypeName(at(labels, ERROR, PROTOCOL));
      case PROTOCOL -> Labels.protocolName(at(labels, PROTOCOL, ROUTE));
      case ROUTE -> routes.name(at(labels, ROUTE, UPSTREAM_ROUTE));
      case UPSTREAM_ROUTE -> upstreamRoutes.name(at(labels, UPSTREAM_ROUTE, UPSTREAM));
      case UPSTREAM, SERVER_ADDRESS, SERVER_PORT ->
          destination(dimension, at(labels, UPSTREAM, END));
      case STAGE -> instrument.stage();
      case SIDE, OUTCOME, DIRECTION, KIND -> null;
    };
  }

  private @Nullable String destination(Dimension dimension, int number) {
    Upstream upstream = destinations.upstream(number);
    if (upstream == null) {
      return number == Destinations.OTHER && dimension != Dimension.SERVER_PORT
          ? Labels.OTHER
          : null;
    }
    return switch (dimension) {
      case UPSTREAM -> upstream.name();
      case SERVER_PORT -> Integer.toString(upstream.port());
      default -> upstream.host();
    };
  }

  private static long bits(Dimension dimension) {
    return switch (dimension) {
      case METHOD -> bits(0, SCHEME);
      case SCHEME -> bits(SCHEME, STATUS);
      case STATUS -> bits(STATUS, ERROR);
      case ERROR -> bits(ERROR, PROTOCOL);
      case PROTOCOL -> bits(PROTOCOL, ROUTE);
      case ROUTE -> bits(ROUTE, UPSTREAM_ROUTE);
      case UPSTREAM_ROUTE -> bits(UPSTREAM_ROUTE, UPSTREAM);
      case UPSTREAM, SERVER_ADDRESS, SERVER_PORT -> bits(UPSTREAM, END);
      case STAGE, SIDE, OUTCOME, DIRECTION, KIND -> 0;
    };
  }

  private static long bits(int from, int to) {
    return ((1L << (to - from)) - 1) << from;
  }

  private static int at(long labels, int from, int to) {
    return (int) ((labels >>> from) & ((1L << (to - from)) - 1));
  }
}
