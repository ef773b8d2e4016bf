package io.github.proxytelemetry.sdk;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;

/** Metric of a host with a name of ours, or one that Prometheus takes for it. */
enum HostCollision {
  SAME_COUNTER(Names.REQUESTS, Names.REQUESTS) {
    @Override
    void record(Meter meter) {
      meter.counterBuilder(metric).setUnit("{request}").build().add(1000, Names.GET);
    }
  },
  OTHER_LABELS(Names.REQUESTS, Names.REQUESTS) {
    @Override
    void record(Meter meter) {
      meter.counterBuilder(metric).setUnit("{request}").setDescription("My own").build().add(1000);
    }
  },
  OTHER_UNIT(Names.REQUESTS, "privacy_proxy_requests_seconds") {
    @Override
    void record(Meter meter) {
      meter.gaugeBuilder(metric).setUnit("s").build().set(1000);
    }
  },
  OTHER_SIGNS("privacy.proxy.requests", Names.REQUESTS) {
    @Override
    void record(Meter meter) {
      meter.gaugeBuilder(metric).setUnit("{request}").build().set(1000, Names.GET);
    }
  },
  OTHER_KIND(Names.REQUESTS, Names.REQUESTS) {
    @Override
    void record(Meter meter) {
      meter.histogramBuilder(metric).build().record(1000, Names.GET);
    }
  },
  COUNTER_FOR_HISTOGRAM(Names.LATENCY, Names.LATENCY) {
    @Override
    void record(Meter meter) {
      meter.counterBuilder(metric).setUnit("s").build().add(1000);
    }
  },
  UNIT_IN_THE_NAME("privacy_proxy_processing_duration", Names.LATENCY) {
    @Override
    void record(Meter meter) {
      meter.histogramBuilder(metric).setUnit("s").build().record(1000, Names.GET);
    }
  },
  PART_OF_A_HISTOGRAM(Names.LATENCY + "_count", Names.LATENCY) {
    @Override
    void record(Meter meter) {
      meter.gaugeBuilder(metric).build().set(1000);
    }
  },
  SUM_OF_A_HISTOGRAM(Names.LATENCY + "_sum", Names.LATENCY) {
    @Override
    void record(Meter meter) {
      meter.upDownCounterBuilder(metric).build().add(1000);
    }
  },
  OF_THE_EXPORTS("privacy_proxy_telemetry_exports_total", "privacy_proxy_telemetry_exports") {
    @Override
    void record(Meter meter) {
      meter.counterBuilder(metric).build().add(1000);
    }
  };

  final String metric;
  final String ours;

  HostCollision(String metric, String ours) {
    this.metric = metric;
    this.ours = ours;
  }

  abstract void record(Meter meter);

  /** Metrics of ours, and the label of what is recorded. */
  static final class Names {
    static final String REQUESTS = "privacy_proxy_requests_total";
    static final String LATENCY = "privacy_proxy_processing_duration_seconds";
    private static final Attributes GET = Attributes.of(AttributeKey.stringKey("method"), "GET");

    private Names() {}
  }
}
