package io.github.proxytelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.Instrument.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstrumentTest {
  private static final List<MetricNaming> NAMINGS =
      List.of(
          MetricNaming.PRIVACY_PROXY,
          MetricNaming.KRAKEND,
          MetricNaming.KRAKEND_OTEL,
          MetricNaming.KRAKEND_OTEL_1_27,
          MetricNaming.SEMCONV);

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
            "metric prefix: invalid value \""
                + prefix
                + "\"; expected letters, digits and underscores, not starting with a digit");
  }

  @ParameterizedTest
  @EnumSource
  void survivesTheWayToPrometheusUnchanged(Instrument instrument) {
    String name = MetricNaming.PRIVACY_PROXY.name(instrument);
    // Prometheus gets _total for every counter, and for nothing else.
    assertThat(name.endsWith("_total")).isEqualTo(instrument.kind() == Kind.COUNTER);
    // It gets the unit appended where it is a plain one, unless the name ends with it.
    String base = name.replaceAll("_total$", "");
    assertThat(instrument.unit()).matches("s|By|\\{[a-z]+\\}");
    assertThat(base.endsWith("_seconds")).isEqualTo(instrument.unit().equals("s"));
    assertThat(instrument.unit().equals("By")).isEqualTo(name.endsWith("_bytes"));
  }

  @ParameterizedTest
  @EnumSource
  void namingsNameNoDimensionThatIsNotThere(Instrument instrument) {
    for (MetricNaming naming : NAMINGS) {
      assertThat(instrument.dimensions().stream().map(d -> naming.key(instrument, d)))
          .filteredOn(Objects::nonNull)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void namesAreUniqueExceptAmongStages() {
    for (MetricNaming naming : NAMINGS) {
      assertThat(Arrays.stream(Instrument.values()).filter(i -> naming.name(i) != null))
          .extracting(i -> naming.name(i) + (naming == MetricNaming.KRAKEND ? i.stage() : ""))
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void krakendKeysAreThoseOfItsDocumentation() {
    assertThat(keys(MetricNaming.KRAKEND, Instrument.REQUEST_DURATION_SECONDS))
        .containsExactlyInAnyOrder("http.response.status_code", "url.path", "krakend.stage");
    assertThat(keys(MetricNaming.KRAKEND, Instrument.PROXY_DURATION_SECONDS))
        .containsExactlyInAnyOrder("url.path", "krakend.stage");
    assertThat(keys(MetricNaming.KRAKEND, Instrument.UPSTREAM_DURATION_SECONDS))
        .containsExactlyInAnyOrder(
            "url.path", "krakend.stage", "krakend.endpoint", "server.address");
    assertThat(keys(MetricNaming.KRAKEND, Instrument.UPSTREAM_READ_ERRORS_TOTAL))
        .containsExactlyInAnyOrder(
            "http.request.method_original", "url.path", "server.address", "krakend.stage");
  }

  @Test
  void onlyPlainGroupsAreOnByDefault() {
    assertThat(Arrays.stream(Group.values()).filter(Group::isDefault))
        .containsExactly(Group.CONNECTION, Group.REQUEST, Group.LATENCY, Group.TUNNEL);
    assertThat(Arrays.stream(Instrument.values()))
        .allSatisfy(i -> assertThat(i.stage().isEmpty()).isEqualTo(i.group().isDefault()));
  }

  private static List<String> keys(MetricNaming naming, Instrument instrument) {
    return instrument.dimensions().stream()
        .map(dimension -> naming.key(instrument, dimension))
        .filter(Objects::nonNull)
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void onlyHistogramsHaveBuckets(Instrument instrument) {
    assertThat(instrument.buckets().isEmpty()).isEqualTo(instrument.kind() != Kind.HISTOGRAM);
    assertThat(instrument.buckets()).isSorted().doesNotHaveDuplicates();
    assertThat(instrument.description()).isNotBlank().doesNotEndWith(".");
  }
}
