package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.otel.tracing.CaptureRules;
import io.github.proxytelemetry.otel.tracing.HostPatterns;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.semconv.AttributeKeyTemplate;
import io.opentelemetry.semconv.HttpAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Request data that spans record beyond what the HTTP conventions require. Every value is cut to
 * 256 characters. Immutable.
 */
public final class Capture {
  private static final Capture NONE = builder().build();

  /** RFC 9110, section 5.6.2. */
  static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

  private static final Set<String> SECRET =
      Set.of("authorization", "proxy-authorization", "cookie", "set-cookie");

  final CaptureRules rules;

  /**
   * Nothing beyond the conventions.
   *
   * @return the default
   */
  public static Capture none() {
    return NONE;
  }

  /**
   * Starts with {@link #none()}.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  private Capture(CaptureRules rules) {
    this.rules = rules;
  }

  /** Builder of a {@link Capture}. Not thread-safe. */
  public static final class Builder {
    private final Map<String, AttributeKey<List<String>>> requestHeaders = new LinkedHashMap<>();
    private final Map<String, AttributeKey<List<String>>> responseHeaders = new LinkedHashMap<>();
    private final List<String> hosts = new ArrayList<>();
    private HostPatterns destinations = new HostPatterns(List.of());
    private boolean clientAddress;
    private boolean query;

    private Builder() {}

    /**
     * Request headers recorded on server spans as {@code http.request.header.<name>}. May be called
     * again for more.
     *
     * @param names header names, in any case
     * @return this
     * @throws IllegalArgumentException if one is not a header name, or is one of {@code
     *     Authorization}, {@code Proxy-Authorization}, {@code Cookie} and {@code Set-Cookie}
     */
    public Builder requestHeaders(String... names) {
      add(requestHeaders, HttpAttributes.HTTP_REQUEST_HEADER, names);
      return this;
    }

    /**
     * Response headers whose first values are recorded on server spans as {@code
     * http.response.header.<name>}. Otherwise as {@link #requestHeaders}.
     *
     * @param names header names, in any case
     * @return this
     * @throws IllegalArgumentException as in {@link #requestHeaders}
     */
    public Builder responseHeaders(String... names) {
      add(responseHeaders, HttpAttributes.HTTP_RESPONSE_HEADER, names);
      return this;
    }

    /**
     * Records the address of the client's end of the connection on server spans, as {@code
     * client.address}. No header is believed: behind another proxy it is that proxy's address.
     *
     * @return this
     */
    public Builder clientAddress() {
      clientAddress = true;
      return this;
    }

    /**
     * Records the query on server spans, as {@code url.query}. The values that the HTTP conventions
     * name, such as {@code X-Amz-Signature}, are redacted; no others are.
     *
     * @return this
     */
    public Builder query() {
      query = true;
      return this;
    }

    /**
     * Records the destination ({@code server.address}, {@code server.port}) on client spans of
     * upstreams without a configured name; those with a name always have it. May be called again
     * for more.
     *
     * @param hostPatterns host names or addresses, in any case; {@code *.example.com} matches every
     *     host below that domain, but not the domain itself
     * @return this
     * @throws IllegalArgumentException if one is not such a pattern
     */
    public Builder destinations(String... hostPatterns) {
      List<String> all = new ArrayList<>(hosts);
      all.addAll(List.of(Objects.requireNonNull(hostPatterns, "hostPatterns")));
      destinations = new HostPatterns(all);
      hosts.clear();
      hosts.addAll(all);
      return this;
    }

    /**
     * Builds the capture.
     *
     * @return the capture
     */
    public Capture build() {
      return new Capture(
          new CaptureRules(
              Map.copyOf(requestHeaders),
              Map.copyOf(responseHeaders),
              clientAddress,
              query,
              destinations));
    }

    private static void add(
        Map<String, AttributeKey<List<String>>> headers,
        AttributeKeyTemplate<List<String>> template,
        String... names) {
      for (String name : Objects.requireNonNull(names, "names")) {
        String lower = Objects.requireNonNull(name, "name").toLowerCase(Locale.ROOT);
        if (!TOKEN.matcher(name).matches() || SECRET.contains(lower)) {
          throw new IllegalArgumentException(
              "captured header: invalid value \""
                  + name
                  + "\"; expected the name of any header but authorization, proxy-authorization,"
                  + " cookie and set-cookie, which are secrets");
        }
        headers.put(lower, template.getAttributeKey(lower));
      }
    }
  }
}
