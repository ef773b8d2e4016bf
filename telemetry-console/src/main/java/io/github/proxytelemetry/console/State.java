package io.github.proxytelemetry.console;

import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.sdk.live.LiveView;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** What the page shows, as one JSON document: all at first, then without the past. */
final class State {
  private final ProxyTelemetrySdk telemetry;
  private final Toggles toggles;
  private final @Nullable LiveView view;
  private final long startNanos = System.nanoTime();
  private final History history = new History();
  private String service = "";

  State(ProxyTelemetrySdk telemetry, Toggles toggles) {
    this.telemetry = telemetry;
    this.toggles = toggles;
    this.view = LiveView.of(telemetry.openTelemetry());
  }

  /** Reads the metrics, for the history. */
  synchronized void read() {
    if (view == null) {
      return;
    }
    Collection<MetricData> metrics = view.metrics();
    if (service.isEmpty() && !metrics.isEmpty()) {
      service = StateJson.service(metrics.iterator().next().getResource());
    }
    history.add(new Reading(System.nanoTime(), view.naming(), metrics), System.currentTimeMillis());
  }

  /** The document with the charts' past. */
  synchronized String first() {
    if (history.isEmpty()) {
      read();
    }
    return write(true);
  }

  /** The document with the charts' latest second. */
  synchronized String next() {
    return write(false);
  }

  private String write(boolean past) {
    Json json = new Json().object();
    json.name("first").value(past);
    json.name("service").value(service);
    json.name("uptime").value((System.nanoTime() - startNanos) / 1e9);
    json.name("now").value(System.currentTimeMillis());
    toggles.write(json.name("toggles"));
    if (view == null) {
      return json.name("off").value(true).end().toString();
    }
    StateJson.writeMetrics(json, history);
    StateJson.writeHealth(json, telemetry.health());
    json.name("strict").value(view.isStrict());
    json.name("exchanges").array();
    if (!view.isStrict()) {
      Exchanges.latest(view.spans()).forEach(exchange -> exchange.write(json));
    }
    json.end().name("points");
    if (past) {
      history.writeAll(json);
    } else {
      history.writeLast(json);
    }
    return json.end().toString();
  }
}
