package io.github.proxytelemetry.otel;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.semconv.AttributeKeyTemplate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** The names of headers that spans tell the values of, each with the attribute it goes to. */
final class CapturedHeaders {
  /** RFC 9110, section 5.6.2. */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

  private static final Set<String> SECRET =
      Set.of("authorization", "proxy-authorization", "cookie", "set-cookie");

  private final AttributeKeyTemplate<List<String>> template;
  private final Map<String, AttributeKey<List<String>>> keys = new LinkedHashMap<>();

  CapturedHeaders(AttributeKeyTemplate<List<String>> template) {
    this.template = template;
  }

  void add(String... names) {
    for (String name : Objects.requireNonNull(names, "names")) {
      String lower = Objects.requireNonNull(name, "name").toLowerCase(Locale.ROOT);
      if (!TOKEN.matcher(name).matches() || SECRET.contains(lower)) {
        throw new IllegalArgumentException(
            "captured header: was \""
                + name
                + "\", allowed is the name of any header but authorization, proxy-authorization,"
                + " cookie and set-cookie, which are secrets");
      }
      keys.put(lower, template.getAttributeKey(lower));
    }
  }

  Map<String, AttributeKey<List<String>>> keys() {
    return Map.copyOf(keys);
  }
}
