package io.github.proxytelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.proxytelemetry.ServerTiming.Metric;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerTimingTest {
  private static final ServerTiming PROXY = ServerTiming.named("proxy");

  @ParameterizedTest
  @CsvSource({
    "0, 0.0",
    "-1, 0.0",
    "-9223372036854775808, 0.0",
    "49999, 0.0",
    "50000, 0.1",
    "12500000, 12.5",
    "12549999, 12.5",
    "12550000, 12.6",
    "9949999, 9.9",
    "9950000, 10.0",
    "1000000000, 1000.0",
    "3600000000000, 3600000.0",
    "9223372036854775807, 3600000.0",
  })
  void rendersMillisecondsOnAGridOfOneTenth(long nanos, String dur) {
    assertThat(PROXY.format(nanos)).isEqualTo("proxy;dur=" + dur);
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 0",
    "499999, 0",
    "500000, 1",
    "1459999, 1",
    "12500000, 13",
    "99499999, 99",
    "99500000, 100",
    "9223372036854775807, 3600000",
  })
  void rendersWholeMilliseconds_whereItIsCoarse(long nanos, String dur) {
    assertThat(PROXY.coarse().format(nanos)).isEqualTo("proxy;dur=" + dur);
    assertThat(PROXY.coarse().coarse().format(nanos)).isEqualTo("proxy;dur=" + dur);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar-EG", "fa-IR", "hi-IN-u-nu-deva", "de-DE", "th-TH-u-nu-thai"})
  void rendersAsciiDigitsInEveryLocale(String tag) {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag(tag));
    try {
      assertThat(ServerTiming.named("proxy").format(TimeUnit.MICROSECONDS.toNanos(1234567)))
          .isEqualTo("proxy;dur=1234.6");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void staysWithinTwentyFourBytes() {
    assertThat(PROXY.format(Long.MAX_VALUE)).hasSizeLessThanOrEqualTo(24);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a;b", "a,b", "a=b", "a\r\nb", "é", "\"a\""})
  void refusesANameThatIsNoToken(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServerTiming.named(name))
        .withMessageContaining("Server-Timing name")
        .withMessageContaining("expected a token");
  }

  @Test
  void addsALineAndLeavesTheOthersAlone() {
    FakeHeaders headers = new FakeHeaders();
    headers.add("Server-Timing", "db;dur=5");
    PROXY.addTo(headers, FakeHeaders.ACCESS, 1_500_000);
    assertThat(headers.all("server-timing")).containsExactly("db;dur=5", "proxy;dur=1.5");
  }

  @Test
  void readsWhatItWrites() {
    assertThat(ServerTiming.parse(PROXY.format(12_500_000)))
        .containsExactly(new Metric("proxy", 12.5, ""));
  }

  @Test
  void parsesTheExampleOfTheSpecification() {
    assertThat(
            ServerTiming.parse(
                "miss, db;dur=53, app;dur=47.2,customView, dc;desc=atl,"
                    + "cache;desc=\"Cache Read\";dur=23.2"))
        .containsExactly(
            new Metric("miss", 0, ""),
            new Metric("db", 53, ""),
            new Metric("app", 47.2, ""),
            new Metric("customView", 0, ""),
            new Metric("dc", 0, "atl"),
            new Metric("cache", 23.2, "Cache Read"));
  }

  @Test
  void firstOfTwoEqualParametersWins() {
    // What stands behind the second name is read as part of the next name, as in the specification.
    assertThat(ServerTiming.parse("a;dur=x;dur=7;desc=d")).containsExactly(new Metric("a", 0, ""));
    assertThat(ServerTiming.parse("a;dur=3;foo=1;desc=d")).containsExactly(new Metric("a", 3, "d"));
  }

  @Test
  void keepsCommasAndSemicolonsWithinQuotes() {
    assertThat(ServerTiming.parse("a;desc=\"x,y;z\\\"q\"trailing;dur=2, b"))
        .containsExactly(new Metric("a", 2, "x,y;z\"q"), new Metric("b", 0, ""));
  }

  @Test
  void skipsMembersWithoutAName() {
    assertThat(ServerTiming.parse(" , ;dur=1,, a")).containsExactly(new Metric("a", 0, ""));
    assertThat(ServerTiming.parse("")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "NaN, 0",
    "Infinity, 0",
    "1e400, 0",
    "'', 0",
    "abc, 0",
    "-2.5, -2.5",
    "+4, 4",
    ".5, 0.5",
    "3., 3",
    "1e2, 100",
    "7ms, 7",
    "0x10, 0",
  })
  void readsDurationsAsHtmlReadsNumbers(String dur, double expected) {
    assertThat(ServerTiming.parse("a;dur=" + dur))
        .extracting(Metric::duration)
        .isEqualTo(List.of(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a;",
        "a;=",
        "a;b",
        "a;\"",
        "a;b=\"",
        "a;b=\"\\",
        "a;b=\\\"",
        ";;;",
        "\"",
        "a;b==c"
      })
  void survivesGarbage(String value) {
    assertThat(ServerTiming.parse(value)).hasSizeLessThanOrEqualTo(1);
  }
}
