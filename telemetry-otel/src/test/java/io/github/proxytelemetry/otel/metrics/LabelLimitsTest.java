package io.github.proxytelemetry.otel.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LabelLimitsTest {
  @Test
  void namesRegisteredStatuses_andTheClassesOfOthers() {
    assertThat(name(200)).isEqualTo("200");
    assertThat(name(404)).isEqualTo("404");
    assertThat(name(511)).isEqualTo("511");
    assertThat(name(199)).isEqualTo("1xx");
    assertThat(name(299)).isEqualTo("2xx");
    assertThat(name(418)).isEqualTo("4xx");
    assertThat(name(599)).isEqualTo("5xx");
    assertThat(name(600)).isEqualTo("none");
    assertThat(
            IntStream.range(100, 600).mapToObj(LabelLimitsTest::name).collect(Collectors.toSet()))
        .hasSizeLessThan(75);
  }

  @Test
  void namesErrorsLikewise() {
    assertThat(error(404)).isEqualTo("404");
    assertThat(error(499)).isEqualTo("499");
    assertThat(error(500)).isEqualTo("500");
    assertThat(error(498)).isEqualTo("4xx");
    assertThat(error(599)).isEqualTo("5xx");
    assertThat(error(399)).isNull();
    // It has eight bits among the labels.
    assertThat(LabelValues.errorType(null, 599, 400)).isLessThan(256);
  }

  @Test
  void takesNoRouteThatIsTooLong() {
    LongAdder overflows = new LongAdder();
    PackedLabels labels = new PackedLabels(Methods.DEFAULT, overflows);
    String longest = "/" + "a".repeat(PackedLabels.MAX_LENGTH - 1);

    assertThat(labels.route(longest)).isEqualTo(labels.route(longest));
    assertThat(overflows.sum()).isZero();
    long other = labels.route(longest + 'a');
    assertThat(labels.route(longest + 'b')).isEqualTo(other).isNotEqualTo(labels.route(longest));
    assertThat(overflows.sum()).isEqualTo(2);
  }

  private static String name(int status) {
    return LabelValues.statusName(LabelValues.status(status));
  }

  private static String error(int status) {
    return LabelValues.errorTypeName(LabelValues.errorType(null, status, 400));
  }
}
