"""Structured data for search engines (schema.org), as JSON that is safe inside a page."""

import json
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

from knowledge_base.entry import Entry

# Inside a script element only "<" matters to a browser; the others keep older parsers and copies of the page safe too.
_UNSAFE = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def block(data: Any) -> Markup:
    """JSON for a ``<script type="application/ld+json">``: no text in it can end the element."""
    return Markup(json.dumps(data, ensure_ascii=False).translate(_UNSAFE))  # noqa: S704


def faq_page(entry: Entry, headings: dict[str, str], address: str, language: str) -> dict[str, Any]:
    """The page of one answer as FAQPage.

    Args:
        entry: The text.
        headings: What its parts are called, by their names: {"steps": "ขั้นตอน"}.
        address: The page's address.
        language: "th" or "en".
    """
    english = language == "en"
    return {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "@id": address,
        "url": address,
        "inLanguage": language,
        "mainEntity": [
            {
                "@type": "Question",
                "name": entry.question.en if english else entry.question.th,
                "acceptedAnswer": {"@type": "Answer", "text": _answer(entry, headings, english), "url": address},
            }
        ],
    }


def breadcrumbs(steps: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The way to a page as BreadcrumbList; ``steps`` are names and addresses."""
    items = [
        {"@type": "ListItem", "position": position, "name": name, "item": address}
        for position, (name, address) in enumerate(steps, start=1)
    ]
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}


def _answer(entry: Entry, headings: dict[str, str], english: bool) -> str:
    """The answer in the little HTML that schema.org's readers know; what curators wrote is text in it."""
    parts = [f"<p>{escape(entry.summary.en if english else entry.summary.th)}</p>"]
    for name, heading in headings.items():
        value = getattr(entry, name)
        if isinstance(value, list) and value:
            kind = "ol" if name == "steps" else "ul"
            parts.append(f"<p>{escape(heading)}</p><{kind}>{''.join(f'<li>{escape(line)}</li>' for line in value)}</{kind}>")
        elif value:
            parts.append(f"<p>{escape(heading)}: {escape(value)}</p>")
    return "".join(parts)
