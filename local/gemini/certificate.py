"""A certificate authority for one run, and the certificate it signs."""

import ssl
from pathlib import Path

import trustme

CA_FILE = "ca.pem"


def issue(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server context for 127.0.0.1 and localhost; the authority's certificate is written to `folder`/ca.pem."""
    folder.mkdir(parents=True, exist_ok=True)
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost", "::1").configure_cert(context)
    ca_file = folder / CA_FILE
    authority.cert_pem.write_to_path(str(ca_file))
    return context, ca_file
