package io.github.proxytelemetry.sdk;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Where an OTLP exporter sends to. */
final class Endpoint {
  static final String VARIABLE = "OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final String ALLOWED =
      ", allowed are host:port, http://host:port and https://host:port, or empty for what "
          + VARIABLE
          + " says";
  private static final int MAX_PORT = 65535;

  private final URI uri;
  private final boolean exact;

  /** Reads what was configured, and checks that it goes with the other options. */
  static Endpoint parse(OtlpOptions options, UnaryOperator<@Nullable String> environment) {
    Endpoint endpoint = parse(options.origin, options.endpoint, options.exact, environment);
    if (endpoint.hasPath() && (!options.http || (options.metrics && options.traces))) {
      throw new IllegalArgumentException(
          options.origin
              + ": was \""
              + endpoint.uri
              + "\", allowed is a path only with http() and for one signal");
    }
    if (options.tls != null && !"https".equalsIgnoreCase(endpoint.uri.getScheme())) {
      throw new IllegalArgumentException(
          options.origin
              + ": was \""
              + endpoint.uri
              + "\", which is plaintext, allowed with tls is https://host:port");
    }
    return endpoint;
  }

  /**
   * Reads what was configured.
   *
   * @param given the endpoint, or empty
   * @param environment the environment's variables, asked where it is empty
   */
  static Endpoint parse(String given, UnaryOperator<@Nullable String> environment) {
    return parse("otlp endpoint", given, false, environment);
  }

  private static Endpoint parse(
      String origin, String given, boolean exact, UnaryOperator<@Nullable String> environment) {
    String key = origin;
    String text = given.strip();
    if (text.isEmpty()) {
      String variable = environment.apply(VARIABLE);
      text = variable == null ? "" : variable.strip();
      if (text.isEmpty()) {
        throw new IllegalArgumentException(key + ": was empty, and so is " + VARIABLE + ALLOWED);
      }
      key = VARIABLE;
    }
    boolean hasScheme = text.contains("://");
    URI uri = read(hasScheme ? text : "http://" + text);
    if (uri == null || !isAllowed(uri) || (!hasScheme && uri.getPort() < 0)) {
      throw new IllegalArgumentException(key + ": was \"" + withoutSecret(text) + "\"" + ALLOWED);
    }
    return new Endpoint(uri, exact);
  }

  private Endpoint(URI uri, boolean exact) {
    this.uri = uri;
    this.exact = exact;
  }

  String grpc() {
    return uri.getScheme() + "://" + uri.getAuthority();
  }

  /** The URL for a signal: {@code traces} or {@code metrics}. */
  String http(String signal) {
    if (hasPath()) {
      return uri.toString();
    }
    return grpc() + (exact ? "/" : "/v1/" + signal);
  }

  boolean hasPath() {
    String path = uri.getPath();
    return path != null && !path.isEmpty() && !path.equals("/");
  }

  private static @Nullable URI read(String text) {
    try {
      // The exception's message shows the whole text, so it goes no further.
      return new URI(text).parseServerAuthority();
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static boolean isAllowed(URI uri) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    return (scheme.equals("http") || scheme.equals("https"))
        && uri.getHost() != null
        && uri.getPort() != 0
        && uri.getPort() <= MAX_PORT
        && uri.getRawUserInfo() == null
        && uri.getRawQuery() == null
        && uri.getRawFragment() == null;
  }

  /** User information and query may both be credentials, and what is malformed may hide them. */
  private static String withoutSecret(String text) {
    int scheme = text.indexOf("://");
    int start = scheme < 0 ? 0 : scheme + "://".length();
    int at = text.lastIndexOf('@');
    String shown = at < start ? text : text.substring(0, start) + "***" + text.substring(at);
    for (int i = 0; i < shown.length(); i++) {
      if (shown.charAt(i) == '?' || shown.charAt(i) == '#') {
        return shown.substring(0, i + 1) + "***";
      }
    }
    return shown;
  }
}
