package io.github.proxytelemetry.sdk;

import com.sun.net.httpserver.BasicAuthenticator;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;

/** Who may collect the metrics (RFC 7617). */
final class BasicAuth extends BasicAuthenticator {
  private final byte[] user;
  private final byte[] password;

  BasicAuth(String user, String password) {
    super("metrics", StandardCharsets.UTF_8);
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(password, "password");
    if (user.isEmpty() || user.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          // What has a colon may be the user and the password.
          "prometheus user: was "
              + (user.isEmpty() ? "empty" : "***")
              + ", allowed is any name without a colon");
    }
    if (password.isEmpty()) {
      throw new IllegalArgumentException("prometheus password: was empty, allowed is any other");
    }
    this.user = user.getBytes(StandardCharsets.UTF_8);
    this.password = password.getBytes(StandardCharsets.UTF_8);
  }

  /** Takes the same time wherever they differ. */
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
