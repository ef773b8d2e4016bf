package io.github.proxytelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathTemplateTest {
  private static final List<String> TEMPLATES =
      List.of("/", "//", "/foo", "/foo/", "/{a}", "/{a}/", "/foo/{bar}", "/a/{b}/c/{d}", "/a//b");

  @ParameterizedTest
  @CsvSource({
    // literals
    "/foo, /foo",
    "/foo/bar, /foo/bar",
    "/a//b, /a//b",
    "/a.b~c-d_e%20f, /a.b~c-d_e%20f",
    // one segment
    "/{a}, /x",
    "/{a}, /{a}",
    "/foo/{bar}, /foo/x",
    "/foo/{bar}, /foo/..",
    "/foo/{bar}, /foo/%2F",
    "/foo/{bar}, /foo/;v=1",
    "/{a}/b, /x/b",
    "/a/{b}/c, /a/x/c",
    "/{a}/{b}, /x/y",
    "/{a}/{a}, /x/y",
    "/a/{b-1}/c/{d_2}, /a/1/c/2",
    // the subtree
    "/, /",
    "/, /x/y/z",
    "/, //",
    "/__debug/, /__debug/",
    "/__debug/, /__debug/x",
    "/__debug/, /__debug/x/y/",
    "/__debug/, /__debug//",
    "/a/{b}/, /a/x/",
    "/a/{b}/, /a/x/y/z",
    // what follows the path
    "/foo, /foo?",
    "/foo, /foo?a=/b",
    "/foo, /foo#a",
    "/foo/{bar}, /foo/x?y",
    "/foo/{bar}, /foo/x?y/z",
    "/foo/{bar}, /foo/x#y/z?",
    "/a/{b}/c, /a/x/c?/d",
    "/foo/, /foo/?x",
    "/, /?x"
  })
  void matches(String template, String path) {
    assertThat(PathTemplate.of(template).matches(path)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    // literals
    "/foo, /fo",
    "/foo, /foobar",
    "/foo, /foo/",
    "/foo, /foo/bar",
    "/foo, /FOO",
    "/foo, /%66oo",
    "/foo, /x/foo",
    "/foo, foo",
    "/foo, //foo",
    "/foo, /./foo",
    "/foo, http://host/foo",
    "/foo, *",
    "/foo, ''",
    "/foo/bar, /foo",
    "/a//b, /a/b",
    // one segment
    "/{a}, /",
    "/{a}, //",
    "/{a}, x",
    "/{a}, /x/",
    "/{a}, /?x",
    "/{a}, /#x",
    "/foo/{bar}, /foo",
    "/foo/{bar}, /foo/",
    "/foo/{bar}, /foo/?x",
    "/foo/{bar}, /foo//",
    "/foo/{bar}, /foo//x",
    "/foo/{bar}, /foo/x/y",
    "/foo/{bar}, /foo?/x",
    "/a/{b}/c, /a//c",
    "/a/{b}/c, /a/c",
    "/a/{b}/c, /a/x/y/c",
    "/a/{b}/c, /a/x?/c",
    "/a/{b}/c, /a/x/cc",
    // the subtree
    "/, ''",
    "/, x",
    "/, ?/",
    "/__debug/, /__debug",
    "/__debug/, /__debugger/",
    "/__debug/, /__debug?/",
    "/__debug/, /x/__debug/",
    "/a/{b}/, /a/x",
    "/a/{b}/, /a//"
  })
  void doesNotMatch(String template, String path) {
    assertThat(PathTemplate.of(template).matches(path)).isFalse();
  }

  @Test
  void doesNotMatchNull() {
    for (String template : TEMPLATES) {
      assertThat(PathTemplate.of(template).matches(null)).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "foo",
        "foo/{bar}",
        "*",
        "/*",
        "/foo/*",
        "/**",
        "{a}",
        "/{",
        "/}",
        "/{}",
        "/{a",
        "/a}",
        "/}a{",
        "/{{a}}",
        "/{a}{b}",
        "/x{a}",
        "/{a}x",
        "/{a/b}",
        "/{a}/{",
        "/{a b}",
        "/{a...}",
        "/{a*}",
        "/{\u00e4}",
        "/foo?x",
        "/foo#x",
        "/a b",
        "/a\n",
        "/\u00fc",
        "/\uD800",
        "https://host/foo"
      })
  void refusesWhatIsNoTemplate(String template) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PathTemplate.of(template))
        .withMessage(
            "path template: invalid value \""
                + template
                + "\"; expected a slash, then segments of printable ASCII without *, ? and #, each"
                + " a literal or {name}, such as /foo/{bar}, or /foo/ for a subtree");
  }

  @Test
  @SuppressWarnings("NullAway") // the null is what is tested
  void refusesNull() {
    assertThatNullPointerException()
        .isThrownBy(() -> PathTemplate.of(null))
        .withMessage("template");
  }

  @Test
  void showsItself() {
    for (String template : TEMPLATES) {
      assertThat(PathTemplate.of(template)).hasToString(template);
    }
  }

  @Test
  void allocatesNothing() {
    PathTemplate[] templates =
        TEMPLATES.stream().map(PathTemplate::of).toArray(PathTemplate[]::new);
    String[] paths = {"/", "/foo", "/foo/x?y", "/a/1/c/2", "/a/1/c/2/", "//x", "", "\uD800"};
    long bytes =
        Allocation.bytesOf(
            () -> {
              for (PathTemplate template : templates) {
                for (String path : paths) {
                  template.matches(path);
                }
              }
            });
    assertThat(bytes).isZero();
  }
}
