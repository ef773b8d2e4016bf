package io.github.proxytelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.proxytelemetry.Instrument.Kind;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstrumentTest {
  @Test
  void namesAreThoseOfThePrivacyProxy() {
    assertThat(Arrays.stream(Instrument.values()).map(MetricNaming.PRIVACY_PROXY::name))
        .doesNotHaveDuplicates()
        .contains(
            "privacy_proxy_connections_total",
            "privacy_proxy_connections_active",
            "privacy_proxy_connections_duration_seconds",
            "privacy_proxy_requests_total",
            "privacy_proxy_requests_by_status",
            "privacy_proxy_bytes_sent_total",
            "privacy_proxy_bytes_received_total",
            "privacy_proxy_connect_latency_seconds",
            "privacy_proxy_first_byte_latency_seconds");
  }

  @Test
  void anEmptyPrefixGivesTheNamesOfImgproxy() {
    assertThat(MetricNaming.privacyProxy("").name(Instrument.REQUESTS_IN_PROGRESS))
        .isEqualTo("requests_in_progress");
  }

  @Test
  void labelsAreLowerCaseWords() {
    assertThat(MetricNaming.PRIVACY_PROXY.key(Instrument.REQUESTS_BY_STATUS, Dimension.STATUS))
        .isEqualTo("status");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1a", "a-b", "a b", "a.b", "é"})
  void refusesAPrefixThatPrometheusWouldRewrite(String prefix) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MetricNaming.privacyProxy(prefix))
        .withMessage(
            "metric prefix: was \"" + prefix + "\", allowed are letters, digits and underscores");
  }

  @ParameterizedTest
  @EnumSource
  void survivesTheWayToPrometheusUnchanged(Instrument instrument) {
    String name = MetricNaming.PRIVACY_PROXY.name(instrument);
    // Prometheus gets _total for every counter, and for nothing else.
    assertThat(name.endsWith("_total")).isEqualTo(instrument.kind() == Kind.COUNTER);
    // It gets the unit appended where it is a plain one, unless the name ends with it.
    assertThat(instrument.unit()).matches("s|\\{[a-z]+\\}");
    assertThat(name.endsWith("_seconds")).isEqualTo(instrument.unit().equals("s"));
  }

  @ParameterizedTest
  @EnumSource
  void onlyHistogramsHaveBuckets(Instrument instrument) {
    assertThat(instrument.buckets().isEmpty()).isEqualTo(instrument.kind() != Kind.HISTOGRAM);
    assertThat(instrument.buckets()).isSorted().doesNotHaveDuplicates();
    assertThat(instrument.description()).isNotBlank().doesNotEndWith(".");
  }
}
