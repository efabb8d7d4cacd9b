"""item.py: an item of an exam folder (Markdown with a YAML head, docs/formats/exam-folder.md) as a QTI 3 item.

Enough for one choice item with paragraphs, a listing and inline code: what the browser peer shows."""
import html
import re

ITEM = """<?xml version="1.0" encoding="UTF-8"?>
<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="{identifier}" title="{identifier}"
    adaptive="false" time-dependent="false" xml:lang="en">
  <qti-response-declaration identifier="RESPONSE" cardinality="{cardinality}" base-type="identifier"/>
  <qti-item-body>
{body}
    <qti-choice-interaction response-identifier="RESPONSE" shuffle="false" max-choices="{maximum}">
{choices}
    </qti-choice-interaction>
  </qti-item-body>
</qti-assessment-item>
"""


def inline(text):
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(" ".join(text.split()), quote=False))


def body_of(text):
    parts = re.split(r"(?ms)^```\w*\n(.*?)^```$", text)  # text, listing, text, listing, …
    for index, part in enumerate(parts):
        if index % 2:
            yield f"    <pre><code>{html.escape(part.rstrip(), quote=False)}</code></pre>"
        else:
            yield from (f"    <p>{inline(block)}</p>" for block in part.split("\n\n") if block.strip())


def to_qti(markdown):
    _, head, text = markdown.split("---\n", 2)
    identifier = re.search(r"(?m)^id: (\S+)$", head)[1]
    key = re.search(r"(?m)^key: \[(.*)\]$", head)[1].split(",")
    stem, choices = re.split(r"(?m)^(?=- )", text, maxsplit=1)
    choices = [choice for choice in re.split(r"(?m)^- ", choices) if choice.strip()]
    return ITEM.format(
        identifier=identifier, cardinality="multiple" if len(key) > 1 else "single", maximum=len(key),
        body="\n".join(body_of(stem)),
        choices="\n".join(f'      <qti-simple-choice identifier="{chr(65 + number)}">{inline(choice)}</qti-simple-choice>'
                          for number, choice in enumerate(choices)))
