package io.github.proxytelemetry.jetty;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MetaData;
import org.jspecify.annotations.Nullable;

/**
 * Supplier of the trailers of a message that is written: reports those of the host, and supplies
 * them with the changes of the back end. It works on a copy, because the trailers of a proxy are
 * often those of the message that it has read.
 *
 * <p>Jetty calls it with the last write. A message without a supplier of the host gets none.
 */
final class ObservedTrailers implements Supplier<@Nullable HttpFields> {
  private final Supplier<@Nullable HttpFields> host;
  private final Consumer<HttpFields> report;

  ObservedTrailers(Supplier<@Nullable HttpFields> host, Consumer<HttpFields> report) {
    this.host = host;
    this.report = report;
  }

  /** The head of a response whose trailers are reported, if it has any. */
  static MetaData.Response of(
      MetaData.Response head, Supplier<HttpFields> trailers, Consumer<HttpFields> report) {
    return new MetaData.Response(
        head.getStatus(),
        head.getReason(),
        head.getHttpVersion(),
        head.getHttpFields(),
        head.getContentLength(),
        new ObservedTrailers(trailers, report));
  }

  @Override
  public @Nullable HttpFields get() {
    HttpFields trailers = host.get();
    if (trailers == null || trailers.size() == 0) {
      return trailers;
    }
    HttpFields.Mutable written = HttpFields.build(trailers);
    report.accept(written);
    return written;
  }
}
