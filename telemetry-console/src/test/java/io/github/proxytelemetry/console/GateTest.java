package io.github.proxytelemetry.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests by pages and people who should not see the console. */
class GateTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.test",
        "evil.test:9465",
        "127.0.0.1.evil.test",
        "localhost.evil.test",
        "10.0.0.1",
        "127.0.0.1@evil.test",
        "127.0.0.1 evil.test",
        "[::ffff:10.0.0.1]",
        ""
      })
  void refusesForeignHosts(String host) throws Exception {
    try (Console console = Console.start()) {
      assertThat(console.status("GET", "/", "Host: " + host)).isEqualTo(403);
      assertThat(console.status("GET", "/events", "Host: " + host)).isEqualTo(403);
    }
  }

  @Test
  void refusesARequestWithoutHost_orWithTwo() throws Exception {
    try (Console console = Console.start()) {
      assertThat(console.send("GET / HTTP/1.0\r\n")).contains(" 403 ");
      assertThat(console.get("/", "Host: localhost", "Host: localhost")).contains(" 403 ");
    }
  }

  @Test
  void acceptsItsOwnNames() throws Exception {
    try (Console console =
        Console.start(telemetry -> {}, page -> page.hostNames("Console.example"))) {
      for (String host :
          List.of("localhost", "LOCALHOST:1", "127.0.0.1", "127.9.9.9:80", "[::1]:2")) {
        assertThat(console.status("GET", "/", "Host: " + host)).as(host).isEqualTo(200);
      }
      assertThat(console.status("GET", "/", "Host: console.EXAMPLE:8443")).isEqualTo(200);
    }
  }

  @Test
  void sendsStrictHeaders_andNoneForOtherOrigins() throws Exception {
    try (Console console = Console.start()) {
      for (String path : List.of("/", "/console.js", "/charts.js", "/console.css", "/none")) {
        String answer = console.get(path, "Origin: http://evil.test").toLowerCase(Locale.ROOT);
        String head = answer.substring(0, answer.indexOf("\r\n\r\n"));
        assertThat(head)
            .contains(
                "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'",
                "frame-ancestors 'none'",
                "require-trusted-types-for 'script'",
                "x-content-type-options: nosniff",
                "cross-origin-resource-policy: same-origin",
                "cache-control: no-store")
            .doesNotContain("access-control", "unsafe");
      }
    }
  }

  @Test
  void refusesOtherSites_butALink() throws Exception {
    try (Console console = Console.start()) {
      for (String site : List.of("cross-site", "same-site")) {
        String header = "Sec-Fetch-Site: " + site;
        assertThat(console.status("GET", "/", header)).isEqualTo(200);
        assertThat(console.status("GET", "/events", header)).isEqualTo(403);
        assertThat(console.status("GET", "/console.js", header)).isEqualTo(403);
      }
      assertThat(console.status("GET", "/console.js", "Sec-Fetch-Site: same-origin"))
          .isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../../etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/%2e%2e/module-info.class",
        "/./console.js",
        "//console.js",
        "/console.js/",
        "/console.js%00",
        "/ConsoleServer.class",
        "/index.html",
        "http://localhost/../x"
      })
  void servesNothingButItsFiles(String path) throws Exception {
    try (Console console = Console.start()) {
      assertThat(console.status("GET", path)).isBetween(400, 404);
    }
  }

  @Test
  void answersReadingMethodsOnly() throws Exception {
    try (Console console = Console.start()) {
      for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "X")) {
        assertThat(console.status(method, "/toggles/0/on", "Content-Length: 0"))
            .as(method)
            .isEqualTo(405);
      }
      assertThat(console.send(console.request("HEAD", "/"))).contains(" 200 ").endsWith("\r\n\r\n");
      assertThat(console.send(console.request("HEAD", "/events"))).contains("text/event-stream");
    }
  }

  @Test
  void asksForThePassword_onAnyPath() throws Exception {
    try (Console console =
        Console.start(telemetry -> {}, page -> page.basicAuth("ann", "se:cret"))) {
      for (String path : List.of("/", "/events", "/console.js", "/none")) {
        assertThat(console.get(path)).contains(" 401 ", "Basic realm=");
        for (String wrong : List.of("ann:wrong", "bob:se:cret", "ann:se:cret ", "ann:", "")) {
          assertThat(console.status("GET", path, basic(wrong))).as(wrong).isEqualTo(401);
        }
      }
      assertThat(console.status("GET", "/", "Authorization: Bearer YW5u")).isEqualTo(401);
      assertThat(console.status("GET", "/", basic("ann:se:cret"))).isEqualTo(200);
      assertThat(console.status("GET", "/", basic("ann:se:cret").replace("Basic", "basic")))
          .isEqualTo(200);
      // A stranger's page learns nothing of whether there is one.
      assertThat(console.status("GET", "/", "Host: evil.test", basic("ann:se:cret")))
          .isEqualTo(403);
      assertThat(console.server.toString()).doesNotContain("cret");
    }
  }

  @Test
  void switchesForItsOwnPageOnly() throws Exception {
    List<Boolean> positions = new ArrayList<>();
    try (Console console =
        Console.start(telemetry -> {}, page -> page.toggle("a", "b", positions::add))) {
      String own = "Origin: http://" + console.authority();
      String empty = "Content-Length: 0";
      String path = "/toggles/0/on";
      assertThat(console.status("POST", path, empty)).isEqualTo(403);
      assertThat(console.status("POST", path, empty, "Origin: http://evil.test")).isEqualTo(403);
      assertThat(console.status("POST", path, empty, "Origin: null")).isEqualTo(403);
      assertThat(console.status("POST", path, empty, own, "Sec-Fetch-Site: cross-site"))
          .isEqualTo(403);
      assertThat(console.status("POST", path, empty, own, "Host: evil.test")).isEqualTo(403);
      assertThat(console.status("GET", path, own)).isEqualTo(404);
      assertThat(console.status("POST", "/toggles/1/on", empty, own)).isEqualTo(404);
      assertThat(positions).isEmpty();

      assertThat(console.status("POST", path, empty, own, "Sec-Fetch-Site: same-origin"))
          .isEqualTo(204);
      assertThat(console.status("POST", path, empty, own)).isEqualTo(204);
      assertThat(console.await(state -> true).at("/toggles/0/2").asBoolean()).isTrue();
      assertThat(console.status("POST", "/toggles/0/off", empty, own)).isEqualTo(204);
      assertThat(positions).containsExactly(true, false);
    }
  }

  private static String basic(String credentials) {
    return "Authorization: Basic "
        + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }
}
