package io.github.proxytelemetry.sdk.export;

import com.sun.net.httpserver.BasicAuthenticator;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;

/** HTTP basic authentication of scrapers (RFC 7617). */
final class BasicAuth extends BasicAuthenticator {
  private final byte[] user;
  private final byte[] password;

  BasicAuth(String user, String password) {
    super("metrics", StandardCharsets.UTF_8);
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(password, "password");
    if (user.isEmpty() || user.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          // A value with a colon may be the user and the password.
          "prometheus user: invalid value "
              + (user.isEmpty() ? "\"\"" : "***")
              + "; expected a name without a colon");
    }
    if (password.isEmpty()) {
      throw new IllegalArgumentException(
          "prometheus password: invalid value \"\"; expected one that is not empty");
    }
    this.user = user.getBytes(StandardCharsets.UTF_8);
    this.password = password.getBytes(StandardCharsets.UTF_8);
  }

  /** In constant time. */
  @Override
  public boolean checkCredentials(String givenUser, String givenPassword) {
    boolean sameUser = MessageDigest.isEqual(user, givenUser.getBytes(StandardCharsets.UTF_8));
    boolean samePassword =
        MessageDigest.isEqual(password, givenPassword.getBytes(StandardCharsets.UTF_8));
    return sameUser && samePassword;
  }

  @Override
  public String toString() {
    return "***";
  }
}
