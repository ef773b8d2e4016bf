package io.github.proxytelemetry.sdk;

import java.io.IOException;
import java.io.StringReader;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/**
 * Turns PEM into what the Java runtime understands. Bouncy Castle only reads the formats; the keys
 * and certificates, and all that is done with them, are the runtime's own.
 */
final class PemObjects {
  static final String ALLOWED_KEY =
      "; allowed is one unencrypted RSA, EC or Ed25519 key as PEM: PKCS#8 (PRIVATE KEY),"
          + " PKCS#1 (RSA PRIVATE KEY) or SEC1 (EC PRIVATE KEY)";

  private static final String ALLOWED_CERTIFICATES =
      "; allowed are X.509 certificates as PEM (CERTIFICATE)";

  private PemObjects() {}

  static List<X509Certificate> certificates(Pem pem, String content) {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Object object : parse(pem, content, ALLOWED_CERTIFICATES)) {
      if (object instanceof X509CertificateHolder holder) {
        certificates.add(certificate(pem, holder));
      }
    }
    if (certificates.isEmpty()) {
      throw pem.problem("holds no certificate" + ALLOWED_CERTIFICATES);
    }
    return certificates;
  }

  static PrivateKey privateKey(Pem pem, String content) {
    List<PrivateKeyInfo> keys = new ArrayList<>();
    for (Object object : parse(pem, content, ALLOWED_KEY)) {
      if (object instanceof PrivateKeyInfo info) {
        keys.add(info);
      } else if (object instanceof PEMKeyPair pair) {
        keys.add(pair.getPrivateKeyInfo());
      } else if (object instanceof PKCS8EncryptedPrivateKeyInfo
          || object instanceof PEMEncryptedKeyPair) {
        throw pem.problem("is encrypted" + ALLOWED_KEY);
      }
    }
    if (keys.size() != 1) {
      throw pem.problem((keys.isEmpty() ? "holds no key" : "holds several keys") + ALLOWED_KEY);
    }
    return privateKey(pem, keys.get(0));
  }

  // The causes are dropped on purpose: what a parser says about its input may quote it.

  private static List<Object> parse(Pem pem, String content, String allowed) {
    List<Object> objects = new ArrayList<>();
    try (PEMParser parser = new PEMParser(new StringReader(content))) {
      for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
        objects.add(object);
      }
      return objects;
    } catch (IOException | RuntimeException e) {
      throw pem.problem("holds a block that cannot be read" + allowed);
    }
  }

  private static X509Certificate certificate(Pem pem, X509CertificateHolder holder) {
    try {
      return new JcaX509CertificateConverter().getCertificate(holder);
    } catch (CertificateException e) {
      throw pem.problem("holds a certificate that cannot be read" + ALLOWED_CERTIFICATES);
    }
  }

  private static PrivateKey privateKey(Pem pem, PrivateKeyInfo info) {
    try {
      return new JcaPEMKeyConverter().getPrivateKey(info);
    } catch (PEMException e) {
      throw pem.problem("holds a key of an unknown kind" + ALLOWED_KEY);
    }
  }
}
