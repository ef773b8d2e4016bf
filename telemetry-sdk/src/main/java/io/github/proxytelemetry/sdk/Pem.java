package io.github.proxytelemetry.sdk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where PEM comes from, and what its option is called. May be a secret, so it shows nothing. */
final class Pem {
  /** The bundle of all public roots has 0.2 MiB; a device or a log given by mistake has no end. */
  private static final int MAX_BYTES = 4 << 20;

  private final String name;
  private final @Nullable String text;
  private final @Nullable Path file;

  static Pem text(String name, String text) {
    return new Pem(name, Objects.requireNonNull(text, name), null);
  }

  static Pem file(String name, Path file) {
    return new Pem(name, null, Objects.requireNonNull(file, name));
  }

  private Pem(String name, @Nullable String text, @Nullable Path file) {
    this.name = name;
    this.text = text;
    this.file = file;
  }

  boolean isFile() {
    return file != null;
  }

  /** Reads the PEM, with real line ends instead of the {@code \n} that environments carry. */
  String read() {
    String raw = file != null ? read(file) : Objects.requireNonNull(text);
    if (raw.isBlank()) {
      throw problem("is empty; allowed is PEM");
    }
    // No backslash is part of a PEM block.
    return raw.replace("\\r", "").replace("\\n", "\n");
  }

  IllegalArgumentException problem(String what) {
    String where = file == null || isText(file) ? "" : " (file " + file + ")";
    return new IllegalArgumentException(name + where + ": " + what);
  }

  @Override
  public String toString() {
    return "***";
  }

  private String read(Path path) {
    if (isText(path)) {
      throw problem("is PEM text where a file is meant; allowed is the name of a PEM file");
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw problem("is too large; allowed are " + MAX_BYTES + " bytes");
      }
      // PEM is ASCII; the text around it may be anything, and must not fail the decoder.
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw problem("does not exist; allowed is the name of a PEM file");
    } catch (IOException e) {
      throw problem(
          "cannot be read ("
              + e.getClass().getSimpleName()
              + "); allowed is a PEM file that this process may read");
    }
  }

  /** Whoever mistakes the one for the other must not find the key in a message. */
  private static boolean isText(Path path) {
    return path.toString().contains("-----BEGIN");
  }
}
