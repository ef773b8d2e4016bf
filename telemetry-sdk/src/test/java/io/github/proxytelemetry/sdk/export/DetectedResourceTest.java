package io.github.proxytelemetry.sdk.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetectedResourceTest {
  private static final String ID =
      "3f1c8a1e5b7d9f0a2c4e6b8d0f1a3c5e7b9d0f2a4c6e8b0d1f3a5c7e9b0d2f4a";

  @TempDir Path proc;

  @Test
  void namesEachInstanceAnew() {
    String one = detect(Map.of()).get("service.instance.id");
    String two = detect(Map.of()).get("service.instance.id");

    assertThat(UUID.fromString(one).version()).isEqualTo(4);
    assertThat(one).isNotEqualTo(two);
  }

  @Test
  void findsHostAndContainer_whereLinuxShowsThem() throws IOException {
    write("sys/kernel/hostname", "edge-7\n");
    write("self/cgroup", "0::/kubepods/pod1/cri-containerd-" + ID + ".scope\n");

    assertThat(detect(Map.of("HOSTNAME", "other")))
        .containsEntry("host.name", "edge-7")
        .containsEntry("container.id", ID);
  }

  @Test
  void findsTheContainer_byTheFilesThatItsRuntimeMounts() throws IOException {
    write("self/cgroup", "0::/\n");
    write(
        "self/mountinfo",
        "1 2 8:1 /var/lib/docker/overlay2/"
            + ID.replace('3', '4')
            + " / rw\n"
            + "3 2 8:1 /var/lib/docker/containers/"
            + ID
            + "/hostname /etc/hostname rw\n");

    assertThat(detect(Map.of())).containsEntry("container.id", ID);
  }

  @Test
  void takesThePodFromTheDownwardApi() {
    Map<String, String> variables =
        Map.of(
            "KUBERNETES_SERVICE_HOST", "10.0.0.1",
            "POD_NAME", "edge-5d9c",
            "POD_NAMESPACE", "proxies",
            "K8S_NODE_NAME", "node-2",
            "MY_POD_UID", "0c2f");

    assertThat(detect(variables))
        .containsEntry("k8s.pod.name", "edge-5d9c")
        .containsEntry("k8s.namespace.name", "proxies")
        .containsEntry("k8s.node.name", "node-2")
        .containsEntry("k8s.pod.uid", "0c2f")
        .doesNotContainKey("k8s.container.name");
  }

  @Test
  void saysNothingOfPods_outsideOfKubernetes() {
    assertThat(detect(Map.of("POD_NAME", "p", "HOSTNAME", "laptop")))
        .containsEntry("host.name", "laptop")
        .doesNotContainKeys("k8s.pod.name", "container.id");
  }

  private Map<String, String> detect(Map<String, String> variables) {
    return DetectedResource.detect(variables::get, proc);
  }

  private void write(String file, String content) throws IOException {
    Path path = proc.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
  }
}
