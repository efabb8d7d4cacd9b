#!/usr/bin/python3
"""dump.py PAGE [--check]: writes (or checks) the dumps of kept objects in a page, each between a line
"```dump FILE" and the next "```". One line for each DER element: its place, its bytes, what it is. A second reader of our
objects, in thirty lines of another language."""
import sys
from pathlib import Path

TREE = Path(__file__).resolve().parents[3]
ENVELOPE = ["ContentInfo", None, "content"]
LABELS = {  # one for each element in the order they come; None: the name of the OID
    "signed-server.der": ENVELOPE + [
        "SignedData", "version 3", "digest algorithms", "one", None, "content", "content type: receipt",
        "content", "the object itself", "certificates", "the signer's; no chain below the root",
        "signers", "one", "version 3", "the signer's key id", "digest algorithm", None, "signed attributes", "first",
        None, "value", "whole seconds, UTC", "second", None, "value", "content type again: receipt", "third", None,
        "value", "SHA-256 of the content", "signature algorithm", None, "signature: r and the lower s"],
    "sealed.der": ENVELOPE + [
        "AuthEnvelopedData", "version 0", "recipients", "one, by key agreement", "version 3", "sender", "by key",
        "algorithm", None, "ephemeral key: an uncompressed point of P-256", "key agreement", None, "with", None, "keys",
        "one", "recipient", "key id of the recipient's certificate", "the content key, wrapped", "sealed content", None,
        "cipher", None, "parameters", "nonce: binds the list of recipients", "length of the tag: 16",
        "the object itself, encrypted", "tag"],
    "held.der": ENVELOPE + [
        "AuthEnvelopedData", "version 0", "recipients", "the only one, by a key that is held", "version 4", "key",
        "its name", "key wrap", None, "the content key, wrapped", "sealed content", None, "cipher", None, "parameters",
        "nonce: binds the list of recipients", "length of the tag: 16", "the object itself, encrypted", "tag"],
    "digested.der": ENVELOPE + [
        "DigestedData", "version 2", "digest algorithm", None, "content", "content type: practice", "content",
        "the object itself", "SHA-256 of the content"],
}
OIDS = {
    "2a864886f70d010701": "data", "2a864886f70d010702": "signed data", "2a864886f70d010705": "digested data",
    "2a864886f70d0109100117": "authenticated-enveloped data", "2a864886f70d010903": "content type",
    "2a864886f70d010904": "message digest", "2a864886f70d010905": "signing time", "608648016503040201": "SHA-256",
    "2a8648ce3d040302": "ECDSA with SHA-256", "2a8648ce3d0201": "a key on an elliptic curve",
    "60864801650304012d": "AES-256 key wrap", "60864801650304012e": "AES-256-GCM",
    "2b8104010b01": "standard Diffie-Hellman, KDF of X9.63 with SHA-256",
}


def elements(der, start, end, depth):
    """Yields (place, depth, header, content, is_structured); a certificate is not gone into."""
    while start < end:
        length, head = der[start + 1], 2
        if length & 0x80:
            head += length & 0x7F
            length = int.from_bytes(der[start + 2:start + head], "big")
        content = der[start + head:start + head + length]
        structured = der[start] & 0x20 and not (length > 300 and depth == 4)
        yield start, depth, der[start:start + head], content, structured
        if structured:
            yield from elements(der, start + head, start + head + length, depth + 1)
        start += head + length


def dump(path):
    der, labels, lines = path.read_bytes(), iter(LABELS[path.name]), []
    for place, depth, header, content, structured in elements(der, 0, len(der), 0):
        label, shown = next(labels), b"" if structured else content
        rest = ""
        if len(shown) > 24:
            shown, rest = shown[:6], f" … {len(content)} bytes"
        text = "  " * depth + (header.hex(" ") + " " + shown[:12].hex(" ")).strip() + rest
        lines.append(f"{place:4} {text:58} {label or OIDS[content.hex()]}")
        if len(shown) > 12:
            lines.append(f"     {'  ' * depth + '      ' + shown[12:].hex(' ')}")
    assert next(labels, "end") == "end"
    return lines


def main():
    page = Path(sys.argv[1])
    lines, out = iter(page.read_text().splitlines()), []
    for line in lines:
        out.append(line)
        if line.startswith("```dump "):
            out += dump(TREE / line.split()[1])
            while next(lines) != "```":
                pass
            out.append("```")
    text = "\n".join(out) + "\n"
    if "--check" not in sys.argv:
        page.write_text(text)
    elif text != page.read_text():
        sys.exit(f"{page}: the dumps are not of the kept objects: run {sys.argv[0]} {page}")


if __name__ == "__main__":
    main()
