package io.github.proxytelemetry.sdk.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.sdk.Pki;
import io.github.proxytelemetry.sdk.Pki.Identity;
import io.github.proxytelemetry.sdk.TlsCollector;
import io.github.proxytelemetry.sdk.TlsCollector.Protocol;
import io.github.proxytelemetry.sdk.tls.ReloadingTls;
import io.github.proxytelemetry.sdk.tls.TlsSource;
import io.github.proxytelemetry.testbed.RequiresProgram;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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
    now.addAndGet(ReloadingTls.CHECK_NANOS);
    assertThat(Exporting.succeeds(exporter)).isTrue();
    now.addAndGet(ReloadingTls.CHECK_NANOS);
    assertThat(Exporting.succeeds(exporter)).isTrue();

    assertThat(collector.serials())
        .containsExactly(first.serial(), first.serial(), second.serial(), second.serial());
    assertThat(log).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void trustsTheNewAuthorityOnly_atTheNextExport(Protocol protocol) {
    SpanExporter exporter = exporter(protocol, collector(protocol));

    assertThat(Exporting.succeeds(exporter)).isTrue();
    put(otherPki.ca(), "ca.pem");
    now.addAndGet(ReloadingTls.CHECK_NANOS);

    assertThat(Exporting.succeeds(exporter)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void keepsTheOldCertificate_andSaysSoOnce_whileTheNewOneIsBroken(Protocol protocol) {
    TlsCollector collector = collector(protocol);
    SpanExporter exporter = exporter(protocol, collector);

    put(second.key(), "client.key");
    for (int i = 0; i < 20; i++) {
      now.addAndGet(ReloadingTls.CHECK_NANOS);
      assertThat(Exporting.succeeds(exporter)).isTrue();
    }

    assertThat(collector.serials()).hasSize(20).containsOnly(first.serial());
    assertThat(log).singleElement().asString().contains("stay in use: client key (file ", "match");
    assertThat(log.get(0)).doesNotContain(second.keyText().lines().toList().get(1));

    put(second.certificate(), "client.pem");
    now.addAndGet(ReloadingTls.CHECK_NANOS);
    assertThat(Exporting.succeeds(exporter)).isTrue();
    assertThat(collector.serials()).last().isEqualTo(second.serial());
    assertThat(log).hasSize(1);
  }

  @Test
  void logsDifferentProblemsOnceAMinute() throws IOException {
    SpanExporter exporter = exporter(Protocol.HTTP, collector(Protocol.HTTP));

    Files.delete(directory.resolve("client.key"));
    now.addAndGet(ReloadingTls.CHECK_NANOS);
    assertThat(Exporting.succeeds(exporter)).isTrue();
    put(second.key(), "client.key");
    now.addAndGet(ReloadingTls.CHECK_NANOS);
    assertThat(Exporting.succeeds(exporter)).isTrue();
    assertThat(log).singleElement().asString().contains("does not exist");

    now.addAndGet(ReloadingTls.LOG_NANOS);
    assertThat(Exporting.succeeds(exporter)).isTrue();
    assertThat(log).hasSize(2).last().asString().contains("does not match");
  }

  @Test
  void presentsTheNewCertificate_forMetrics() {
    TlsCollector collector = collector(Protocol.HTTP);
    OtlpSpec spec = Exporting.spec(Protocol.HTTP, collector.endpoint());
    spec.tls = TlsSource.DEFAULT;
    MetricExporter exporter =
        new OtlpExporters(spec, Endpoint.parse(spec, name -> null), reloading()).metrics();
    SdkMeterProvider provider =
        SdkMeterProvider.builder()
            .registerMetricReader(
                PeriodicMetricReader.builder(exporter).setInterval(Duration.ofHours(1)).build())
            .build();
    closers.add(0, provider::close);
    provider.get("test").counterBuilder("requests").build().add(1, Attributes.empty());

    assertThat(provider.forceFlush().join(60, TimeUnit.SECONDS).isSuccess()).isTrue();
    put(second);
    now.addAndGet(ReloadingTls.CHECK_NANOS);
    assertThat(provider.forceFlush().join(60, TimeUnit.SECONDS).isSuccess()).isTrue();

    assertThat(collector.serials()).containsExactly(first.serial(), second.serial());
  }

  @ParameterizedTest
  @EnumSource
  void finishesAnExportWithTheCertificateThatItBeganWith(Protocol protocol) throws Exception {
    TlsCollector collector =
        TlsCollector.start(
            protocol, pki.keyStore(pki.elsewhere("slow" + protocol), "collector"), pki.ca());
    closers.add(collector::close);
    CountDownLatch lookingUp = new CountDownLatch(1);
    CountDownLatch reloaded = new CountDownLatch(1);
    OtlpSpec spec =
        Exporting.spec(protocol, collector.endpoint().replace("127.0.0.1", "elsewhere.example"));
    spec.dns =
        name -> {
          if (lookingUp.getCount() > 0) {
            lookingUp.countDown();
            await(reloaded);
          }
          return List.of(InetAddress.getLoopbackAddress());
        };
    SpanExporter exporter = Exporting.exporter(spec, reloading());
    closers.add(0, exporter::shutdown);
    CompletableFuture<Boolean> slow =
        CompletableFuture.supplyAsync(() -> Exporting.succeeds(exporter));
    await(lookingUp);
    put(second);
    now.addAndGet(ReloadingTls.CHECK_NANOS);

    assertThat(Exporting.succeeds(exporter)).isTrue();
    reloaded.countDown();
    assertThat(slow.get(60, TimeUnit.SECONDS)).isTrue();
    assertThat(collector.serials()).containsExactly(second.serial(), first.serial());
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(60, TimeUnit.SECONDS)) {
        throw new AssertionError("nothing happened");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void doesNotReload_onceShutDown() {
    TlsCollector collector = collector(Protocol.HTTP);
    SpanExporter exporter = exporter(Protocol.HTTP, collector);

    assertThat(exporter.shutdown().join(10, TimeUnit.SECONDS).isSuccess()).isTrue();
    put(second);
    now.addAndGet(ReloadingTls.CHECK_NANOS);

    assertThat(Exporting.succeeds(exporter)).isFalse();
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
        Exporting.exporter(Exporting.spec(protocol, collector.endpoint()), reloading());
    closers.add(0, exporter::shutdown);
    return exporter;
  }

  private ReloadingTls reloading() {
    TlsSource source =
        Exporting.presenting(
            Exporting.trusting(TlsSource.DEFAULT, directory.resolve("ca.pem")),
            directory.resolve("client.pem"),
            directory.resolve("client.key"));
    return new ReloadingTls(source, now::get, log::add);
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
