package io.github.proxytelemetry;

import static io.github.proxytelemetry.Dimension.ERROR;
import static io.github.proxytelemetry.Dimension.METHOD;
import static io.github.proxytelemetry.Dimension.PROTOCOL;
import static io.github.proxytelemetry.Dimension.ROUTE;
import static io.github.proxytelemetry.Dimension.SCHEME;
import static io.github.proxytelemetry.Dimension.SERVER_ADDRESS;
import static io.github.proxytelemetry.Dimension.SERVER_PORT;
import static io.github.proxytelemetry.Dimension.STAGE;
import static io.github.proxytelemetry.Dimension.STATUS;
import static io.github.proxytelemetry.Dimension.UPSTREAM;
import static io.github.proxytelemetry.Dimension.UPSTREAM_ROUTE;

/** Dimensions of the layers' instruments: the attributes of the HTTP conventions and of KrakenD. */
final class Dimensions {
  /** Of the instruments of a whole exchange. */
  static final Dimension[] SERVER = {METHOD, SCHEME, STATUS, ERROR, PROTOCOL, ROUTE, STAGE};

  /** Of the duration of an attempt. */
  static final Dimension[] ATTEMPT = {
    METHOD,
    SCHEME,
    STATUS,
    ERROR,
    PROTOCOL,
    ROUTE,
    UPSTREAM_ROUTE,
    UPSTREAM,
    SERVER_ADDRESS,
    SERVER_PORT,
    STAGE
  };

  /** Of the parts of an upstream request. */
  static final Dimension[] CLIENT = {METHOD, UPSTREAM_ROUTE, SERVER_ADDRESS, STAGE};

  private Dimensions() {}
}
