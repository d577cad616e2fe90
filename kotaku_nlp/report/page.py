"""The page: one file with its style, script and data inside, that loads nothing and sends nothing.

Texts of informants reach the page in two ways only: through Jinja2 with autoescape, or as JSON in a
data block that the script renders with `textContent`. A content security policy names the hash of our
own style and script, so that nothing else could run even if it got in.
"""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from kotaku_nlp.messages import wording
from kotaku_nlp.report.curve import SIZE, curve
from kotaku_nlp.report.labels import Labels

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = files("kotaku_nlp.report").joinpath("templates")
#: Width and height of the drawing of one bar; values −1 … 1 lie between the margins.
BAR = (200, 22, 6)


def render(summary: dict[str, Any]) -> str:
    """Return the whole page.

    :param summary: what `summarise` found.
    """
    from markupsafe import Markup

    style, script = _asset("page.css"), _asset("page.js")
    lang = summary["lang"]
    return (
        _environment(lang)
        .get_template("page.html.j2")
        .render(
            page=summary,
            data=data(summary),
            style=Markup(style),
            script=Markup(script),
            policy=policy(style, script),
        )
    )


def data(summary: dict[str, Any]) -> dict[str, Any]:
    """Return what the script needs: quotes, panels, names and its own words."""
    prefix = "report_js_"
    words = {
        key.removeprefix(prefix): texts[summary["lang"]]
        for key, texts in wording().items()
        if key.startswith(prefix)
    }
    return {name: summary[name] for name in ("lang", "quotes", "panels", "labels")} | {"words": words}


def policy(style: str, script: str) -> str:
    """Return the content security policy that lets only this style and script in."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def place(value: float) -> float:
    """Return where on a bar's drawing a value −1 … 1 lies."""
    width, _, margin = BAR
    inside = max(-1.0, min(1.0, value))
    return round(margin + (inside + 1) / 2 * (width - 2 * margin), 1)


def _environment(lang: str) -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    found = Environment(
        loader=FunctionLoader(_asset),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    found.globals.update(say=Labels(lang).say, place=place, bar=BAR, curve=curve, curve_size=SIZE)
    return found


def _asset(name: str) -> str:
    return TEMPLATES.joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return "sha256-" + base64.b64encode(digest).decode("ascii")
