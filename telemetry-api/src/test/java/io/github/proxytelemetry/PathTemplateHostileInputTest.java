package io.github.proxytelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PathTemplateHostileInputTest {
  private static final int MEBIBYTE = 1 << 20;

  @Test
  void decidesAboutHugePaths() {
    String segment = "/" + "x".repeat(MEBIBYTE);
    assertThat(PathTemplate.of("/{a}").matches(segment)).isTrue();
    assertThat(PathTemplate.of("/{a}").matches(segment + "/")).isFalse();
    assertThat(PathTemplate.of("/{a}/b").matches(segment + "/b?" + segment)).isTrue();
    assertThat(PathTemplate.of("/xx").matches(segment)).isFalse();

    String slashes = "/".repeat(MEBIBYTE);
    assertThat(PathTemplate.of("/").matches(slashes)).isTrue();
    assertThat(PathTemplate.of("/{a}/").matches(slashes)).isFalse();
    assertThat(PathTemplate.of(slashes).matches(slashes)).isTrue();
    assertThat(PathTemplate.of(slashes).matches(slashes.substring(1))).isFalse();

    String deep = "/x".repeat(MEBIBYTE / 2);
    assertThat(PathTemplate.of("/{a}/{b}").matches(deep)).isFalse();
    assertThat(PathTemplate.of("/{a}/{b}/").matches(deep)).isTrue();
  }

  @Test
  void takesAnyCharacterForASegment() {
    PathTemplate one = PathTemplate.of("/{a}");
    for (int c = 0; c <= Character.MAX_VALUE; c++) {
      boolean separates = c == '/' || c == '?' || c == '#';
      assertThat(one.matches("/" + (char) c)).as("U+%04X", c).isEqualTo(!separates);
    }
    assertThat(one.matches("/\uD800")).isTrue();
    assertThat(one.matches("/\uDC00\uD800/")).isFalse();
    assertThat(one.matches("/x\r\nX: y\0${jndi:ldap:}")).isTrue();
  }

  /** All words of up to six characters of a small alphabet, against a second opinion. */
  @Test
  void agreesWithARegularExpression() {
    String alphabet = "/a?{";
    for (String text : List.of("/", "/a", "/a/", "/{x}", "/{x}/", "/a/{x}", "/{x}/a", "//{x}/")) {
      PathTemplate template = PathTemplate.of(text);
      Pattern pattern =
          Pattern.compile(
              text.replace("{x}", "[^/?#]+") + (text.endsWith("/") ? ".*" : "([?#].*)?"));
      for (int length = 0; length <= 6; length++) {
        for (int word = 0; word < Math.pow(alphabet.length(), length); word++) {
          String path = word(alphabet, word, length);
          assertThat(template.matches(path))
              .as("%s against %s", text, path)
              .isEqualTo(pattern.matcher(path).matches());
        }
      }
    }
  }

  private static String word(String alphabet, int number, int length) {
    StringBuilder word = new StringBuilder();
    int rest = number;
    for (int i = 0; i < length; i++) {
      word.append(alphabet.charAt(rest % alphabet.length()));
      rest /= alphabet.length();
    }
    return word.toString();
  }
}
