package io.github.proxytelemetry.sdk.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parser of PEM (RFC 7468) into certificates and private keys, with the JDK alone. Key formats of
 * OpenSSL's own, PKCS#1 and SEC1, are converted by {@link OpenSslKeys}.
 *
 * <p>Exceptions have no cause: a parser's message may quote the key.
 */
final class PemReader {
  static final String EXPECTED_KEY =
      "; expected one unencrypted RSA, EC or Ed25519 key as PEM: PKCS#8 (PRIVATE KEY),"
          + " PKCS#1 (RSA PRIVATE KEY) or SEC1 (EC PRIVATE KEY)";

  private static final String EXPECTED_CERTIFICATES =
      "; expected X.509 certificates as PEM (CERTIFICATE)";
  private static final String UNREADABLE = "holds a block that cannot be read";

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
  private static final String BEGIN = "-----BEGIN ";

  /** Those of RFC 8446, and DSA for an exact message. */
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "DSA");

  private record Block(String label, String body, String text) {}

  private PemReader() {}

  static List<X509Certificate> certificates(Pem pem, String content) {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks(pem, content, EXPECTED_CERTIFICATES)) {
      if (block.label.equals("CERTIFICATE") || block.label.equals("X509 CERTIFICATE")) {
        certificates.add(certificate(pem, der(pem, block, EXPECTED_CERTIFICATES)));
      }
    }
    if (certificates.isEmpty()) {
      throw pem.problem("holds no certificate" + EXPECTED_CERTIFICATES);
    }
    return certificates;
  }

  static PrivateKey privateKey(Pem pem, String content) {
    List<Block> keys = new ArrayList<>();
    for (Block block : blocks(pem, content, EXPECTED_KEY)) {
      if (block.label.endsWith("PRIVATE KEY")) {
        keys.add(block);
      }
    }
    if (keys.size() != 1) {
      throw pem.problem((keys.isEmpty() ? "holds no key" : "holds several keys") + EXPECTED_KEY);
    }
    Block key = keys.get(0);
    if (key.label.startsWith("ENCRYPTED") || key.body.contains("Proc-Type:")) {
      throw pem.problem("is encrypted" + EXPECTED_KEY);
    }
    boolean standard = key.label.equals("PRIVATE KEY");
    return privateKey(pem, standard ? der(pem, key, EXPECTED_KEY) : converted(pem, key));
  }

  private static List<Block> blocks(Pem pem, String content, String expected) {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(content);
    int end = 0;
    while (matcher.find()) {
      if (content.substring(end, matcher.start()).contains(BEGIN)
          || matcher.group(2).contains(BEGIN)) {
        throw pem.problem(UNREADABLE + expected);
      }
      blocks.add(new Block(matcher.group(1), matcher.group(2), matcher.group()));
      end = matcher.end();
    }
    if (content.substring(end).contains(BEGIN)) {
      throw pem.problem(UNREADABLE + expected);
    }
    return blocks;
  }

  private static byte[] der(Pem pem, Block block, String expected) {
    try {
      // Not the MIME decoder: it skips what is not Base64.
      byte[] der = Base64.getDecoder().decode(block.body.replaceAll("\\s", ""));
      if (isSequence(der)) {
        return der;
      }
    } catch (IllegalArgumentException e) {
      // The same as for Base64 of anything else.
    }
    throw pem.problem(UNREADABLE + expected);
  }

  /** Whether this is one whole SEQUENCE of ASN.1 DER, as keys and certificates are. */
  private static boolean isSequence(byte[] der) {
    if (der.length < 2 || der[0] != 0x30) {
      return false;
    }
    int lengthBytes = der[1] < 0 ? der[1] & 0x7f : 0;
    if (lengthBytes > 3 || der.length < 2 + lengthBytes) {
      return false;
    }
    int length = der[1] < 0 ? 0 : der[1];
    for (int i = 0; i < lengthBytes; i++) {
      length = length << 8 | (der[2 + i] & 0xff);
    }
    return der.length == 2 + lengthBytes + length;
  }

  private static byte[] converted(Pem pem, Block key) {
    try {
      return OpenSslKeys.toPkcs8(key.text);
    } catch (IOException | RuntimeException e) {
      throw pem.problem(UNREADABLE + EXPECTED_KEY);
    } catch (LinkageError e) {
      throw pem.problem(
          "is in OpenSSL's own format ("
              + key.label
              + "), which the Java runtime cannot read; convert it with \"openssl pkcs8 -topk8"
              + " -nocrypt -in key.pem -out pkcs8.pem\", or add org.bouncycastle:bcpkix-jdk18on");
    }
  }

  private static X509Certificate certificate(Pem pem, byte[] der) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw pem.problem("holds a certificate that cannot be read" + EXPECTED_CERTIFICATES);
    }
  }

  private static PrivateKey privateKey(Pem pem, byte[] pkcs8) {
    KeySpec spec = new PKCS8EncodedKeySpec(pkcs8);
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException | NoSuchAlgorithmException e) {
        // A key of another algorithm.
      }
    }
    throw pem.problem("holds a key of an unknown kind" + EXPECTED_KEY);
  }
}
