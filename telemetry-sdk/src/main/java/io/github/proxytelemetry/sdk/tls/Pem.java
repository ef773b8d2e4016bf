package io.github.proxytelemetry.sdk.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * PEM text or file with the name of the option that gave it. May be a secret, so {@link #toString}
 * shows nothing.
 */
public final class Pem {
  /** A bundle of all public roots has 0.2 MiB; a device given by mistake is endless. */
  private static final int MAX_BYTES = 4 << 20;

  private final String name;
  private final @Nullable String text;
  private final @Nullable Path file;

  /** PEM that is given as text; {@code name} is the option in messages. */
  public static Pem text(String name, String text) {
    return new Pem(name, Objects.requireNonNull(text, name), null);
  }

  /** PEM that is read from a file, and read again when it changes. */
  public static Pem file(String name, Path file) {
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
      throw problem("is empty; expected PEM");
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
      throw problem("is PEM text where a file is meant; expected the name of a PEM file");
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw problem("is too large; expected at most " + MAX_BYTES + " bytes");
      }
      // PEM is ASCII; the text around it may be anything, and must not fail the decoder.
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw problem("does not exist; expected the name of a PEM file");
    } catch (IOException e) {
      throw problem(
          "cannot be read ("
              + e.getClass().getSimpleName()
              + "); expected a PEM file that this process may read");
    }
  }

  /** A key given in place of a file name must not end up in a message. */
  private static boolean isText(Path path) {
    return path.toString().contains("-----BEGIN");
  }
}
