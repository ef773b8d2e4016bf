package io.github.proxytelemetry.sdk.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Resource attributes that a process finds out by itself: which of the replicas it is, and where it
 * runs. They describe the proxy, never a client. Nothing is asked over the network.
 */
final class DetectedResource {
  private static final Pattern CONTAINER = Pattern.compile("(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])");

  /** Kubernetes' own variable, in every container. */
  private static final String KUBERNETES = "KUBERNETES_SERVICE_HOST";

  /**
   * Variables in which a pod's specification hands its own fields to the container, by the names
   * that Kubernetes' and OpenTelemetry's documents use for them.
   */
  private static final Map<String, List<String>> DOWNWARD =
      Map.of(
          "k8s.pod.name", List.of("K8S_POD_NAME", "POD_NAME", "MY_POD_NAME", "HOSTNAME"),
          "k8s.pod.uid", List.of("K8S_POD_UID", "POD_UID", "MY_POD_UID"),
          "k8s.namespace.name", List.of("K8S_NAMESPACE_NAME", "POD_NAMESPACE", "MY_POD_NAMESPACE"),
          "k8s.node.name", List.of("K8S_NODE_NAME", "NODE_NAME", "MY_NODE_NAME"),
          "k8s.container.name", List.of("K8S_CONTAINER_NAME", "CONTAINER_NAME"));

  private final UnaryOperator<@Nullable String> variables;
  private final Path proc;
  private final Map<String, String> attributes = new LinkedHashMap<>();

  /**
   * Detects them.
   *
   * @param variables the environment
   * @param proc where Linux shows the process, {@code /proc}
   */
  static Map<String, String> detect(UnaryOperator<@Nullable String> variables, Path proc) {
    DetectedResource detected = new DetectedResource(variables, proc);
    // Made anew with each start: two processes never count under one name.
    detected.attributes.put("service.instance.id", UUID.randomUUID().toString());
    detected.detectHost();
    detected.detectContainer();
    detected.detectPod();
    detected.attributes.put("process.runtime.name", System.getProperty("java.runtime.name", ""));
    detected.attributes.put("process.runtime.version", Runtime.version().toString());
    return detected.attributes;
  }

  private DetectedResource(UnaryOperator<@Nullable String> variables, Path proc) {
    this.variables = variables;
    this.proc = proc;
  }

  private void detectHost() {
    String name = read("sys/kernel/hostname").strip();
    if (name.isEmpty()) {
      name = first(List.of("HOSTNAME", "COMPUTERNAME"));
    }
    if (!name.isEmpty()) {
      attributes.put("host.name", name);
    }
  }

  /** By the control group of the process, or by the files that the container's runtime mounts. */
  private void detectContainer() {
    String groups = read("self/cgroup");
    String mounts = read("self/mountinfo");
    String id = container(groups.lines().toList());
    if (id == null) {
      id = container(mounts.lines().filter(line -> line.contains("/etc/hostname ")).toList());
    }
    if (id != null) {
      attributes.put("container.id", id);
    }
  }

  private void detectPod() {
    if (first(List.of(KUBERNETES)).isEmpty()) {
      return;
    }
    DOWNWARD.forEach(
        (attribute, names) -> {
          String value = first(names);
          if (!value.isEmpty()) {
            attributes.put(attribute, value);
          }
        });
  }

  private static @Nullable String container(List<String> lines) {
    for (String line : lines) {
      Matcher id = CONTAINER.matcher(line);
      if (id.find()) {
        return id.group();
      }
    }
    return null;
  }

  private String first(List<String> names) {
    for (String name : names) {
      String value = variables.apply(name);
      if (value != null && !value.isBlank()) {
        return value;
      }
    }
    return "";
  }

  private String read(String file) {
    try {
      Path path = proc.resolve(file);
      return Files.isReadable(path) ? Files.readString(path) : "";
    } catch (IOException | RuntimeException unknown) {
      return "";
    }
  }
}
