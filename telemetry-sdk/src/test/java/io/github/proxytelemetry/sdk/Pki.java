package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A certificate authority that the {@code openssl} program keeps in a directory. */
public final class Pki {
  public static final String PASSWORD = "correct-horse";

  private static final String YESTERDAY_AND_ON = "20250101000000Z 20991231235959Z";
  private static final String EXPIRED = "20200101000000Z 20200102000000Z";
  private static final String NOT_YET = "20980101000000Z 20991231235959Z";
  private static final String CONFIGURATION =
      """
      [ca]
      default_ca = d
      [d]
      database = index.txt
      new_certs_dir = .
      rand_serial = yes
      default_md = sha256
      unique_subject = no
      policy = p
      [p]
      commonName = supplied
      [here]
      subjectAltName = IP:127.0.0.1
      [elsewhere]
      subjectAltName = DNS:elsewhere.example
      """;

  private final Path directory;

  /** A certificate and its key, both PEM. */
  public record Identity(Path certificate, Path key) {
    public BigInteger serial() {
      return x509(certificate).getSerialNumber();
    }

    public String certificateText() {
      return Pki.read(certificate);
    }

    public String keyText() {
      return Pki.read(key);
    }
  }

  public static Pki create(Path directory) {
    Pki pki = new Pki(directory);
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve("ca.cnf"), CONFIGURATION);
      Files.createFile(directory.resolve("index.txt"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    pki.openssl(
        "req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=test-ca -keyout ca.key -out ca.pem");
    return pki;
  }

  private Pki(Path directory) {
    this.directory = directory;
  }

  public Path ca() {
    return directory.resolve("ca.pem");
  }

  public Identity rsaPkcs8(String name) {
    return issue(name, rsaKey(name), "here", YESTERDAY_AND_ON);
  }

  public Identity rsaPkcs1(String name) {
    Identity identity = rsaPkcs8(name);
    return convert(identity, "rsa -traditional -in %s.key -out %s.pkcs1", name, "pkcs1");
  }

  public Identity ecSec1(String name) {
    openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out " + name + ".key");
    Identity identity = issue(name, file(name + ".key"), "here", YESTERDAY_AND_ON);
    return convert(identity, "ec -in %s.key -out %s.sec1", name, "sec1");
  }

  /** As {@code openssl ecparam} writes it: a block with the parameters comes first. */
  public Identity ecSec1WithParameters(String name) {
    openssl("ecparam -name secp384r1 -genkey -out " + name + ".key");
    return issue(name, file(name + ".key"), "here", YESTERDAY_AND_ON);
  }

  public Identity ed25519Pkcs8(String name) {
    openssl("genpkey -algorithm ed25519 -out " + name + ".key");
    return issue(name, file(name + ".key"), "here", YESTERDAY_AND_ON);
  }

  public Identity dsa(String name) {
    openssl("genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:1024 -out " + name + ".p");
    openssl("genpkey -paramfile " + name + ".p -out " + name + ".key");
    return issue(name, file(name + ".key"), "here", YESTERDAY_AND_ON);
  }

  public Identity encryptedPkcs8(String name) {
    Identity identity = rsaPkcs8(name);
    return convert(
        identity,
        "pkcs8 -topk8 -in %s.key -out %s.encrypted -passout pass:" + PASSWORD,
        name,
        "encrypted");
  }

  public Identity encryptedPkcs1(String name) {
    Identity identity = rsaPkcs8(name);
    return convert(
        identity,
        "rsa -traditional -aes128 -in %s.key -out %s.encrypted -passout pass:" + PASSWORD,
        name,
        "encrypted");
  }

  public Identity expired(String name) {
    return issue(name, rsaKey(name), "here", EXPIRED);
  }

  public Identity notYetValid(String name) {
    return issue(name, rsaKey(name), "here", NOT_YET);
  }

  public Identity elsewhere(String name) {
    return issue(name, rsaKey(name), "elsewhere", YESTERDAY_AND_ON);
  }

  /** A certificate by its form, whose key usage is none. */
  public Path malformedExtension() {
    openssl(
        "req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=malformed"
            + " -addext 2.5.29.15=critical,DER:04:00 -keyout malformed.key -out malformed.pem");
    return file("malformed.pem");
  }

  /** Certificate and key in one file, with the "Bag Attributes" that openssl puts before each. */
  public Path bag(Identity identity, String name) {
    Path bag = file(name + ".bag");
    openssl(
        "pkcs12 -in "
            + pkcs12(identity, name)
            + " -nodes -passin pass:"
            + PASSWORD
            + " -out "
            + bag);
    return bag;
  }

  public KeyStore keyStore(Identity identity, String name) {
    try (InputStream in = Files.newInputStream(pkcs12(identity, name))) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD.toCharArray());
      return store;
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  public static X509Certificate x509(Path pem) {
    try (InputStream in = Files.newInputStream(pem)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  public static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path rsaKey(String name) {
    openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out " + name + ".key");
    return file(name + ".key");
  }

  private Identity issue(String name, Path key, String extensions, String validity) {
    String[] dates = validity.split(" ", -1);
    openssl("req -new -key " + key + " -subj /CN=" + name + " -out " + name + ".csr");
    openssl(
        "ca -batch -notext -config ca.cnf -cert ca.pem -keyfile ca.key -extensions "
            + extensions
            + (" -startdate " + dates[0] + " -enddate " + dates[1])
            + (" -in " + name + ".csr -out " + name + ".pem"));
    return new Identity(file(name + ".pem"), key);
  }

  private Identity convert(Identity identity, String command, String name, String suffix) {
    openssl(command.formatted(name, name));
    return new Identity(identity.certificate(), file(name + "." + suffix));
  }

  private Path pkcs12(Identity identity, String name) {
    openssl(
        ("pkcs12 -export -name entry -inkey " + identity.key() + " -in " + identity.certificate())
            + (" -passout pass:" + PASSWORD + " -out " + name + ".p12"));
    return file(name + ".p12");
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  private void openssl(String arguments) {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments.split(" ", -1)));
    try {
      Path output = Files.createTempFile(directory, "openssl", ".log");
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      process.getOutputStream().close();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("still running: " + command);
      }
      assertThat(process.exitValue()).as(() -> command + "\n" + read(output)).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
