package io.github.proxytelemetry;

import static io.github.proxytelemetry.Dimension.CANCELED;
import static io.github.proxytelemetry.Dimension.COMPLETE;
import static io.github.proxytelemetry.Dimension.DOWNSTREAM_METHOD;
import static io.github.proxytelemetry.Dimension.ERROR;
import static io.github.proxytelemetry.Dimension.FAILED;
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

  /** Of the proxy's own part of an exchange. */
  static final Dimension[] PROXY = {METHOD, ROUTE, COMPLETE, CANCELED, FAILED, STAGE};

  /** Of the duration of an attempt. */
  static final Dimension[] ATTEMPT = {
    METHOD,
    SCHEME,
    STATUS,
    ERROR,
    PROTOCOL,
    ROUTE,
    DOWNSTREAM_METHOD,
    UPSTREAM_ROUTE,
    UPSTREAM,
    SERVER_ADDRESS,
    SERVER_PORT,
    COMPLETE,
    CANCELED,
    FAILED,
    STAGE
  };

  /** Of what is recorded before there is an answer. */
  static final Dimension[] CLIENT = {
    METHOD, ROUTE, DOWNSTREAM_METHOD, UPSTREAM_ROUTE, UPSTREAM, SERVER_ADDRESS, SERVER_PORT, STAGE
  };

  /** Of what is recorded at an answer, or at the end. */
  static final Dimension[] ANSWER = {
    METHOD,
    STATUS,
    ROUTE,
    DOWNSTREAM_METHOD,
    UPSTREAM_ROUTE,
    UPSTREAM,
    SERVER_ADDRESS,
    SERVER_PORT,
    STAGE
  };

  /** Of the result of reading a body. */
  static final Dimension[] READ = {
    METHOD,
    STATUS,
    ROUTE,
    DOWNSTREAM_METHOD,
    UPSTREAM_ROUTE,
    UPSTREAM,
    SERVER_ADDRESS,
    SERVER_PORT,
    FAILED,
    STAGE
  };

  private Dimensions() {}
}
