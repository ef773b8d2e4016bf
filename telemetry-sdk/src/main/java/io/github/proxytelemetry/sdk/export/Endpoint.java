package io.github.proxytelemetry.sdk.export;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Endpoint of an OTLP exporter. */
final class Endpoint {
  static final String VARIABLE = "OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final String EXPECTED =
      "; expected host:port, http://host:port or https://host:port, or empty for the value of "
          + VARIABLE;
  private static final int MAX_PORT = 65535;

  /**
   * Host names that RFC 2396 does not allow and RFC 3986 does: Docker Compose has underscores in
   * them, and a stateful set's pod may end in a label of digits.
   */
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*(?::(\\d{1,5}))?");

  private final URI uri;
  private final boolean exact;

  /** Parses an endpoint, and checks it against the other options. */
  static Endpoint parse(OtlpSpec spec, UnaryOperator<@Nullable String> environment) {
    Endpoint endpoint = parse(spec.origin, spec.endpoint, spec.exact, environment);
    String invalid = spec.origin + ": invalid value \"" + endpoint.uri + "\"";
    if (endpoint.hasPath() && (!spec.http || (spec.metrics && spec.traces))) {
      throw new IllegalArgumentException(
          invalid + "; expected a path only with http() and for one signal");
    }
    if (spec.tls != null && !"https".equalsIgnoreCase(endpoint.uri.getScheme())) {
      throw new IllegalArgumentException(
          invalid + ", which is plaintext; expected https://host:port with tls");
    }
    return endpoint;
  }

  private static Endpoint parse(
      String origin, String given, boolean exact, UnaryOperator<@Nullable String> environment) {
    String key = origin;
    String text = given.strip();
    if (text.isEmpty()) {
      String variable = environment.apply(VARIABLE);
      text = variable == null ? "" : variable.strip();
      if (text.isEmpty()) {
        throw new IllegalArgumentException(
            key + ": invalid value \"\", and " + VARIABLE + " is empty" + EXPECTED);
      }
      key = VARIABLE;
    }
    boolean hasScheme = text.contains("://");
    URI uri = read(hasScheme ? text : "http://" + text);
    if (uri == null || !isAllowed(uri) || (!hasScheme && port(uri) < 0)) {
      throw new IllegalArgumentException(
          key + ": invalid value \"" + withoutSecret(text) + "\"" + EXPECTED);
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

  /** Host and port, for messages. */
  String address() {
    int port = uri.getPort();
    return uri.getHost() + ":" + (port >= 0 ? port : isTls() ? 443 : 80);
  }

  boolean isTls() {
    return uri.getScheme().equalsIgnoreCase("https");
  }

  /** URL for {@code traces} or {@code metrics}. */
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
      // The exception is dropped: its message quotes the whole text.
      URI uri = new URI(text);
      String authority = uri.getRawAuthority();
      boolean isName = authority != null && NAME.matcher(authority).matches();
      return isName ? uri : uri.parseServerAuthority();
    } catch (URISyntaxException e) {
      return null;
    }
  }

  /** The port, -1 if there is none. Java knows that of its own host names only. */
  private static int port(URI uri) {
    Matcher name = NAME.matcher(String.valueOf(uri.getRawAuthority()));
    if (!name.matches()) {
      return uri.getPort();
    }
    String digits = name.group(1);
    return digits == null ? -1 : Integer.parseInt(digits);
  }

  private static boolean isAllowed(URI uri) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    return (scheme.equals("http") || scheme.equals("https"))
        && uri.getRawAuthority() != null
        && port(uri) != 0
        && port(uri) <= MAX_PORT
        && uri.getRawUserInfo() == null
        && uri.getRawQuery() == null
        && uri.getRawFragment() == null;
  }

  /** User information and query may be credentials, also in a malformed URL. */
  private static String withoutSecret(String text) {
    int scheme = text.indexOf("://");
    int start = scheme < 0 ? 0 : scheme + "://".length();
    int at = text.lastIndexOf('@');
    String shown = at < start ? text : text.substring(0, start) + "***" + text.substring(at);
    return shown.replaceFirst("(?s)([?#]).*", "$1***");
  }
}
