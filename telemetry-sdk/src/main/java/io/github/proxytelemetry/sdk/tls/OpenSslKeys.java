package io.github.proxytelemetry.sdk.tls;

import java.io.IOException;
import java.io.StringReader;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;

/**
 * Converter of OpenSSL's key formats, PKCS#1 and SEC1, to PKCS#8. The only class that needs Bouncy
 * Castle, which is optional: its 9 MB are more than all the rest.
 */
final class OpenSslKeys {
  private OpenSslKeys() {}

  static byte[] toPkcs8(String pem) throws IOException {
    try (PEMParser parser = new PEMParser(new StringReader(pem))) {
      if (parser.readObject() instanceof PEMKeyPair pair) {
        return pair.getPrivateKeyInfo().getEncoded();
      }
      throw new IOException("no key pair");
    }
  }
}
