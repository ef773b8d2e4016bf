package io.github.proxytelemetry.console;

import com.sun.net.httpserver.Headers;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides who is let in. A page of a stranger, open in a browser that reaches the console, may send
 * requests here: under a DNS name of its own that resolves to this machine (DNS rebinding), or
 * across origins.
 */
final class Gate {
  static final int OK = 200;
  static final int UNAUTHORIZED = 401;
  static final int FORBIDDEN = 403;

  /** A host and an optional port (RFC 9110, section 7.2). */
  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9a-f:.]+]|[0-9a-z._-]+)(?::[0-9]{1,5})?");

  private static final Pattern ADDRESS =
      Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]+]");
  private static final Pattern LOOPBACK = Pattern.compile("127(?:\\.[0-9]{1,3}){3}|\\[::1]");

  private final boolean loopback;
  private final Set<String> names;
  private final @Nullable Password password;

  Gate(boolean loopback, Set<String> names, @Nullable Password password) {
    this.loopback = loopback;
    this.names = Set.copyOf(names);
    this.password = password;
  }

  /** The status for a request that reads: {@link #OK}, or why it is refused. */
  int check(Headers headers, boolean navigation) {
    if (!isOwnHost(only(headers, "Host"))) {
      return FORBIDDEN;
    }
    String site = only(headers, "Sec-Fetch-Site");
    boolean foreign = "cross-site".equals(site) || "same-site".equals(site);
    if (foreign && !navigation) {
      return FORBIDDEN;
    }
    return password == null || password.matches(only(headers, "Authorization")) ? OK : UNAUTHORIZED;
  }

  /** As {@link #check} for one that changes something: it must come from the page itself. */
  int checkChange(Headers headers) {
    int status = check(headers, false);
    if (status != OK) {
      return status;
    }
    String site = only(headers, "Sec-Fetch-Site");
    boolean sameOrigin =
        ("http://" + only(headers, "Host")).equals(only(headers, "Origin"))
            || ("https://" + only(headers, "Host")).equals(only(headers, "Origin"));
    return sameOrigin && (site == null || site.equals("same-origin")) ? OK : FORBIDDEN;
  }

  private boolean isOwnHost(@Nullable String header) {
    if (header == null) {
      return false;
    }
    var matcher = HOST.matcher(header.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return false;
    }
    String host = matcher.group(1);
    // An address cannot be rebound; where only this machine gets in, only its own will do.
    return host.equals("localhost")
        || names.contains(host)
        || (loopback ? LOOPBACK : ADDRESS).matcher(host).matches();
  }

  /** The value of a header that is there once. */
  private static @Nullable String only(Headers headers, String name) {
    List<String> values = headers.get(name);
    return values == null || values.size() != 1 ? null : values.get(0);
  }
}
