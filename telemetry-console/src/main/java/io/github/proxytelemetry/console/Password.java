package io.github.proxytelemetry.console;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** User and password of HTTP basic authentication (RFC 7617). */
final class Password {
  private static final String SCHEME = "Basic ";

  private final byte[] credentials;

  static Password of(String user, String password) {
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(password, "password");
    if (user.isEmpty() || user.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          // A value with a colon may be the user and the password.
          "console user: invalid value "
              + (user.isEmpty() ? "\"\"" : "***")
              + "; expected a name without a colon");
    }
    if (password.isEmpty()) {
      throw new IllegalArgumentException(
          "console password: invalid value \"\"; expected one that is not empty");
    }
    return new Password(
        Base64.getEncoder().encode((user + ':' + password).getBytes(StandardCharsets.UTF_8)));
  }

  private Password(byte[] credentials) {
    this.credentials = credentials;
  }

  /** Whether a header {@code Authorization} has them, in constant time. */
  boolean matches(@Nullable String header) {
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    byte[] given = header.substring(SCHEME.length()).strip().getBytes(StandardCharsets.ISO_8859_1);
    return MessageDigest.isEqual(credentials, given);
  }

  @Override
  public String toString() {
    return "***";
  }
}
