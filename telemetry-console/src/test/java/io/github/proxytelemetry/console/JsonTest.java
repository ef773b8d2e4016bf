package io.github.proxytelemetry.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void writesAnyText_onOneLine() throws Exception {
    StringBuilder text = new StringBuilder("</script>\"\\ é € 😀 \u2028\u2029\u007f");
    for (char c = 0; c < ' '; c++) {
      text.append(c);
    }
    String json = new Json().object().name(text.toString()).value(text.toString()).end().toString();
    assertThat(json).doesNotContain("\n", "\r", "\u2028");
    JsonNode read = new ObjectMapper().readTree(json);
    assertThat(read.get(text.toString()).asText()).isEqualTo(text.toString());
  }

  @Test
  void writesNumbers() throws Exception {
    Json json = new Json().array();
    json.value(1.23456).value(1e-9).value(1e12).value(Double.NaN).value(Double.POSITIVE_INFINITY);
    json.value(Long.MAX_VALUE).value(true).value((String) null).object().end().array().end().end();
    JsonNode read = new ObjectMapper().readTree(json.toString());
    assertThat(read.toString())
        .isEqualTo("[1.235,0.0,1.0E12,null,null,9223372036854775807,true,null,{},[]]");
  }
}
