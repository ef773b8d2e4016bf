package io.github.proxytelemetry.sdk.export;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import io.github.proxytelemetry.otel.tracing.OwnScope;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongUpDownCounterBuilder;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/**
 * Metrics of the process, with the names of OpenTelemetry's semantic conventions. OpenTelemetry's
 * runtime library has none of them.
 */
final class ProcessMetrics {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path STAT = Path.of("/proc/self/stat");
  private static final Attributes USER = mode("user");
  private static final Attributes SYSTEM = mode("system");

  /** USER_HZ, which is the same on every architecture that a JVM runs on. */
  private static final double TICKS_PER_SECOND = 100;

  private static final double NANOS = 1e9;
  private static final double MILLIS = 1e3;
  private static final long KIB = 1024;

  private ProcessMetrics() {}

  /** Returns a function that stops them, which is empty: they end with their provider. */
  static Runnable start(OpenTelemetry openTelemetry) {
    Meter meter = OwnScope.meter(openTelemetry, "io.github.proxytelemetry.process");
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      meter
          .counterBuilder("process.cpu.time")
          .ofDoubles()
          .setUnit("s")
          .setDescription("Processor time used, in user and in kernel mode.")
          .buildWithCallback(measurement -> cpuTime(measurement, system));
      up(meter, "process.memory.virtual", "By", "Memory that is committed to the process.")
          .buildWithCallback(
              measurement -> known(measurement, system::getCommittedVirtualMemorySize));
      if (system instanceof UnixOperatingSystemMXBean unix) {
        up(meter, "process.unix.file_descriptor.count", "{file_descriptor}", "Open files.")
            .buildWithCallback(measurement -> known(measurement, unix::getOpenFileDescriptorCount));
      }
    }
    if (Files.isReadable(STATUS)) {
      up(meter, "process.memory.usage", "By", "Physical memory in use.")
          .buildWithCallback(measurement -> known(measurement, ProcessMetrics::residentBytes));
    }
    RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    meter
        .gaugeBuilder("process.uptime")
        .setUnit("s")
        .setDescription("The time since the process was started.")
        .buildWithCallback(measurement -> measurement.record(runtime.getUptime() / MILLIS));
    return () -> {};
  }

  private static LongUpDownCounterBuilder up(
      Meter meter, String name, String unit, String description) {
    return meter.upDownCounterBuilder(name).setUnit(unit).setDescription(description);
  }

  private static Attributes mode(String mode) {
    return Attributes.of(AttributeKey.stringKey("cpu.mode"), mode);
  }

  /** By mode where the system tells them apart, which the beans do not. */
  private static void cpuTime(
      ObservableDoubleMeasurement measurement, OperatingSystemMXBean system) {
    if (Files.isReadable(STAT)) {
      modes(measurement);
      return;
    }
    long nanos = system.getProcessCpuTime();
    if (nanos >= 0) {
      measurement.record(nanos / NANOS);
    }
  }

  /** {@code utime} and {@code stime} of proc(5); the name before them may hold anything. */
  private static void modes(ObservableDoubleMeasurement measurement) {
    try {
      String stat = Files.readString(STAT, StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      measurement.record(Long.parseLong(fields[11]) / TICKS_PER_SECOND, USER);
      measurement.record(Long.parseLong(fields[12]) / TICKS_PER_SECOND, SYSTEM);
    } catch (IOException | NumberFormatException e) {
      // Without a value at this collection.
    }
  }

  /** The beans return a negative value for one that is unknown. */
  private static void known(ObservableLongMeasurement measurement, LongSupplier source) {
    long value = source.getAsLong();
    if (value >= 0) {
      measurement.record(value);
    }
  }

  private static long residentBytes() {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * KIB;
        }
      }
    } catch (IOException | NumberFormatException e) {
      return -1;
    }
    return -1;
  }
}
