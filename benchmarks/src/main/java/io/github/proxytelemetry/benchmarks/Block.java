package io.github.proxytelemetry.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Part of a page that a benchmark writes, between two markers that stay. */
final class Block {
  /** Replaces what a page has between the markers of that name. */
  static void replace(Path page, String name, String content) throws IOException {
    String begin = "<!-- " + name + ": begin, written by the benchmark -->\n";
    String end = "<!-- " + name + ": end -->";
    String text = Files.readString(page);
    int start = text.indexOf(begin);
    int stop = text.indexOf(end);
    if (start < 0 || stop < start) {
      throw new IllegalStateException(
          page + " has no block \"" + name + "\"; expected the lines " + begin + end);
    }
    Files.writeString(
        page, text.substring(0, start + begin.length()) + content + text.substring(stop));
  }

  /** The Markdown of an image, as seen from a page. */
  static String image(Path page, Path image, String alternative) {
    // From the page's folder.
    Path folder = page.resolveSibling("").toAbsolutePath().normalize();
    Path link = folder.relativize(image.toAbsolutePath().normalize());
    return "![" + alternative + "](" + link.toString().replace('\\', '/') + ")\n";
  }

  private Block() {}
}
