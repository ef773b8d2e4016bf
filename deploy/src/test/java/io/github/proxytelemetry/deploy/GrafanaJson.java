package io.github.proxytelemetry.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.proxytelemetry.deploy.Dashboards.Dashboard;
import java.util.List;

/** Dashboards in Grafana's format, as it provisions them from files. */
final class GrafanaJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final DefaultIndenter INDENT = new DefaultIndenter("  ", "\n");
  private static final int HEIGHT = 8;
  private static final int SMALL_HEIGHT = 4;
  private static final int COLUMNS = 24;
  private static final int SCHEMA = 39;

  /** The dashboard, with the panels whose metrics exist under the naming. */
  static String of(Dashboard dashboard, SeriesNames names) throws JsonProcessingException {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("uid", "proxy-telemetry-" + names.folder + "-" + dashboard.file());
    root.put("title", dashboard.title());
    root.putArray("tags").add("proxy-telemetry").add(names.folder);
    root.put("schemaVersion", SCHEMA);
    root.put("editable", true);
    root.put("refresh", "10s");
    root.putObject("time").put("from", "now-1h").put("to", "now");
    ArrayNode variables = root.putObject("templating").putArray("list");
    variables
        .addObject()
        .put("name", "datasource")
        .put("type", "datasource")
        .put("query", "prometheus")
        .put("label", "Data source");
    for (String label : List.of("job", "instance")) {
      variable(variables, label, names);
    }
    ArrayNode panels = root.putArray("panels");
    int x = 0;
    int y = 0;
    int row = 0;
    for (Panel panel : dashboard.panels()) {
      List<Panel.Target> targets =
          panel.targets().stream().filter(target -> names.has(target.query())).toList();
      if (targets.isEmpty()) {
        continue;
      }
      int height = panel.kind().equals("stat") ? SMALL_HEIGHT : HEIGHT;
      if (x + panel.width() > COLUMNS) {
        x = 0;
        y += row;
        row = 0;
      }
      panel(panels.addObject(), panel, targets, names)
          .putObject("gridPos")
          .put("x", x)
          .put("y", y)
          .put("w", panel.width())
          .put("h", height);
      x += panel.width();
      row = Math.max(row, height);
    }
    return MAPPER
            .writer(new DefaultPrettyPrinter().withObjectIndenter(INDENT).withArrayIndenter(INDENT))
            .writeValueAsString(root)
        + "\n";
  }

  private static void variable(ArrayNode variables, String label, SeriesNames names) {
    ObjectNode variable = variables.addObject();
    variable.put("name", label).put("type", "query").put("label", label);
    variable.set("datasource", datasource());
    variable.put("query", "label_values(" + names.query("${REQUESTS_TOTAL}") + ", " + label + ")");
    variable.put("includeAll", true).put("multi", true).put("allValue", ".*").put("refresh", 2);
    variable.putObject("current").put("text", "All").put("value", "$__all");
  }

  private static ObjectNode panel(
      ObjectNode json, Panel panel, List<Panel.Target> targets, SeriesNames names) {
    json.put("type", panel.kind()).put("title", panel.title()).put("description", panel.help());
    json.set("datasource", datasource());
    ObjectNode defaults = json.putObject("fieldConfig").putObject("defaults");
    defaults.put("unit", panel.unit()).put("min", 0);
    if (panel.stacked()) {
      ObjectNode custom = defaults.putObject("custom");
      custom.put("fillOpacity", 40).putObject("stacking").put("mode", "normal");
    }
    ArrayNode queries = json.putArray("targets");
    char id = 'A';
    for (Panel.Target target : targets) {
      queries
          .addObject()
          .put("refId", String.valueOf(id++))
          .put("expr", expression(target.query(), names))
          .put("legendFormat", names.query(target.legend()));
    }
    return json;
  }

  private static String expression(String query, SeriesNames names) {
    return names
        .query(query)
        .replace("SELECTOR", "job=~\"$job\",instance=~\"$instance\"")
        .replace("WINDOW", "$__rate_interval");
  }

  private static ObjectNode datasource() {
    return MAPPER.createObjectNode().put("type", "prometheus").put("uid", "${datasource}");
  }

  private GrafanaJson() {}
}
