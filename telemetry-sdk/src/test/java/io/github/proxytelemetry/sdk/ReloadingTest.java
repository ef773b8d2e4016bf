package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.sdk.Pki.Identity;
import io.github.proxytelemetry.sdk.TlsCollector.Protocol;
import io.github.proxytelemetry.testbed.RequiresProgram;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@RequiresProgram("openssl")
class ReloadingTest {
  @TempDir static Path shared;

  private static Pki pki;
  private static Pki otherPki;
  private static Identity server;
  private static Identity first;
  private static Identity second;

  @TempDir Path directory;

  private final List<String> log = new CopyOnWriteArrayList<>();
  private final List<CompletableResultCode> retired = new CopyOnWriteArrayList<>();
  private final List<Runnable> closers = new ArrayList<>();
  private final AtomicLong now = new AtomicLong(1_000_000);

  @BeforeAll
  static void issueCertificates() {
    pki = Pki.create(shared.resolve("ca"));
    otherPki = Pki.create(shared.resolve("other"));
    server = pki.rsaPkcs8("server");
    first = pki.rsaPkcs8("first");
    second = pki.ecSec1("second");
  }

  @BeforeEach
  void putFirst() {
    put(pki.ca(), "ca.pem");
    put(first);
  }

  @AfterEach
  void close() {
    closers.forEach(Runnable::run);
  }

  @ParameterizedTest
  @EnumSource
  void presentsTheNewCertificate_atTheNextExport(Protocol protocol) {
    TlsCollector collector = collector(protocol);
    SpanExporter exporter = exporter(protocol, collector);

    assertThat(Exporting.succeeds(exporter)).isTrue();
    put(second);
    assertThat(Exporting.succeeds(exporter)).isTrue();
    now.addAndGet(Reloading.CHECK_NANOS);
    assertThat(Exporting.succeeds(exporter)).isTrue();
    now.addAndGet(Reloading.CHECK_NANOS);
    assertThat(Exporting.succeeds(exporter)).isTrue();

    assertThat(collector.serials())
        .containsExactly(first.serial(), first.serial(), second.serial(), second.serial());
    assertThat(retired).hasSize(1).allMatch(CompletableResultCode::isSuccess);
    assertThat(log).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void trustsTheNewAuthorityOnly_atTheNextExport(Protocol protocol) {
    SpanExporter exporter = exporter(protocol, collector(protocol));

    assertThat(Exporting.succeeds(exporter)).isTrue();
    put(otherPki.ca(), "ca.pem");
    now.addAndGet(Reloading.CHECK_NANOS);

    assertThat(Exporting.succeeds(exporter)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void keepsTheOldCertificate_andSaysSoOnce_whileTheNewOneIsBroken(Protocol protocol) {
    TlsCollector collector = collector(protocol);
    SpanExporter exporter = exporter(protocol, collector);

    put(second.key(), "client.key");
    for (int i = 0; i < 20; i++) {
      now.addAndGet(Reloading.CHECK_NANOS);
      assertThat(Exporting.succeeds(exporter)).isTrue();
    }

    assertThat(collector.serials()).hasSize(20).containsOnly(first.serial());
    assertThat(log).singleElement().asString().contains("stay in use: client key (file ", "match");
    assertThat(log.get(0)).doesNotContain(second.keyText().lines().toList().get(1));

    put(second.certificate(), "client.pem");
    now.addAndGet(Reloading.CHECK_NANOS);
    assertThat(Exporting.succeeds(exporter)).isTrue();
    assertThat(collector.serials()).last().isEqualTo(second.serial());
    assertThat(log).hasSize(1);
  }

  @Test
  void logsDifferentProblemsOnceAMinute() throws IOException {
    SpanExporter exporter = exporter(Protocol.HTTP, collector(Protocol.HTTP));

    Files.delete(directory.resolve("client.key"));
    now.addAndGet(Reloading.CHECK_NANOS);
    assertThat(Exporting.succeeds(exporter)).isTrue();
    put(second.key(), "client.key");
    now.addAndGet(Reloading.CHECK_NANOS);
    assertThat(Exporting.succeeds(exporter)).isTrue();
    assertThat(log).singleElement().asString().contains("does not exist");

    now.addAndGet(Reloading.LOG_NANOS);
    assertThat(Exporting.succeeds(exporter)).isTrue();
    assertThat(log).hasSize(2).last().asString().contains("does not match");
  }

  @Test
  void presentsTheNewCertificate_forMetrics() {
    TlsCollector collector = collector(Protocol.HTTP);
    MetricExporter exporter =
        new ReloadingMetricExporter(
            reloading(
                material ->
                    OtlpHttpMetricExporter.builder()
                        .setEndpoint(collector.endpoint() + "/v1/metrics")
                        .setSslContext(material.context(), material.trustManager())
                        .build(),
                MetricExporter::shutdown));
    SdkMeterProvider provider =
        SdkMeterProvider.builder()
            .registerMetricReader(
                PeriodicMetricReader.builder(exporter).setInterval(Duration.ofHours(1)).build())
            .build();
    closers.add(0, provider::close);
    provider.get("test").counterBuilder("requests").build().add(1, Attributes.empty());

    assertThat(provider.forceFlush().join(60, TimeUnit.SECONDS).isSuccess()).isTrue();
    put(second);
    now.addAndGet(Reloading.CHECK_NANOS);
    assertThat(provider.forceFlush().join(60, TimeUnit.SECONDS).isSuccess()).isTrue();

    assertThat(collector.serials()).containsExactly(first.serial(), second.serial());
  }

  @Test
  void letsTheOldExporterFinishWhatItSends() {
    List<String> shutDown = new ArrayList<>();
    List<String> built = new ArrayList<>(List.of("old", "new"));
    Reloading<String> reloading =
        reloading(
            material -> built.remove(0),
            exporter -> {
              shutDown.add(exporter);
              return CompletableResultCode.ofSuccess();
            });
    CompletableResultCode sending = new CompletableResultCode();

    assertThat(reloading.call(exporter -> sending)).isSameAs(sending);
    put(second);
    now.addAndGet(Reloading.CHECK_NANOS);
    List<String> used = new ArrayList<>();
    CompletableResultCode next =
        reloading.call(
            exporter -> {
              used.add(exporter);
              return CompletableResultCode.ofSuccess();
            });

    assertThat(next.isSuccess()).isTrue();
    assertThat(used).containsExactly("new");
    assertThat(shutDown).isEmpty();
    sending.fail();
    assertThat(shutDown).containsExactly("old");
    assertThat(reloading.shutdown().isSuccess()).isTrue();
    assertThat(shutDown).containsExactly("old", "new");
  }

  @Test
  void doesNotReload_onceShutDown() {
    TlsCollector collector = collector(Protocol.HTTP);
    SpanExporter exporter = exporter(Protocol.HTTP, collector);

    assertThat(exporter.shutdown().join(10, TimeUnit.SECONDS).isSuccess()).isTrue();
    put(second);
    now.addAndGet(Reloading.CHECK_NANOS);

    assertThat(Exporting.succeeds(exporter)).isFalse();
    assertThat(retired).hasSize(1);
    assertThat(collector.serials()).isEmpty();
  }

  private TlsCollector collector(Protocol protocol) {
    TlsCollector collector =
        TlsCollector.start(protocol, pki.keyStore(server, "collector"), pki.ca());
    closers.add(collector::close);
    return collector;
  }

  private SpanExporter exporter(Protocol protocol, TlsCollector collector) {
    SpanExporter exporter =
        new ReloadingSpanExporter(
            reloading(
                material -> Exporting.exporter(protocol, collector.endpoint(), material),
                old -> {
                  CompletableResultCode result = old.shutdown();
                  retired.add(result);
                  return result.join(10, TimeUnit.SECONDS);
                }));
    closers.add(0, () -> exporter.shutdown().join(10, TimeUnit.SECONDS));
    return exporter;
  }

  private <E> Reloading<E> reloading(
      Function<TlsMaterial, E> build, Reloading.Operation<E> shutdown) {
    TlsSource source =
        new TlsOptions()
            .trustedCertificates(directory.resolve("ca.pem"))
            .clientCertificate(directory.resolve("client.pem"), directory.resolve("client.key"))
            .source();
    return new Reloading<>(source, build, shutdown, now::get, log::add);
  }

  private void put(Identity identity) {
    put(identity.certificate(), "client.pem");
    put(identity.key(), "client.key");
  }

  private void put(Path file, String name) {
    try {
      Files.copy(file, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
