"""One spelling for every url: the key of the frontier and the `url` of a record.

The same Persian page is linked raw, percent-encoded, with and without `www.`, with a trailing
slash, a tracking parameter, a half-space or an Arabic yeh. A crawl fetches a page as it was
linked, and knows it by its canonical url. Ids derive from it, so these rules must never change.
"""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, quote, unquote_to_bytes, urlsplit

from w3lib.url import canonicalize_url, safe_url_string

# Named so in the documents of the services that add them.
_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|mc_[ce]id|igshid|_ga|_gl"
    r"|_openstat|amp|replytocom|srsltid|ref|ref_src|gad_source|gad_campaignid|ttclid|twclid"
    r"|_hsenc|_hsmi|mkt_tok"
    # and who is asking: a session that a server writes into its links
    r"|phpsessid|jsessionid|aspsessionid\w*|session_?id",
    re.IGNORECASE,
)
_SESSION = re.compile(r"(?:;|%3B)(?:jsessionid|phpsessid|session_?id)=[^/;]*", re.IGNORECASE)
_SLASHES = re.compile(r"/{2,}")
_ESCAPED_LETTERS = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
# Arabic yeh and kaf to Persian; half-spaces, marks of direction and kashida carry no meaning here.
_LETTERS = str.maketrans(
    {"ي": "ی", "ى": "ی", "ك": "ک", "ـ": None}
    | dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\ufeff\u00ad")
)


@lru_cache(maxsize=1 << 15)
def canonical_url(url: str) -> str:
    """The one spelling of an http(s) url; idempotent.

    `https`, a lower-case host without `www.`, no default port, no fragment, no trailing slash
    but the root's, no slash twice and no dot at an end, UTF-8 percent-encoding in upper case,
    Persian letters for Arabic ones, no half-spaces, parameters sorted and those of trackers and
    sessions left out.

    Args:
        url: an absolute url, raw or percent-encoded.

    Returns:
        The canonical url; a url of another scheme, or of none, comes back as it was, and so does
        what no url can be made of: a port that does not exist, a bracket that is not closed.
    """
    parts = _parts(url)
    if parts is None or parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        return url
    try:
        return _canonical(parts)
    except ValueError:  # a host that no name can be made of
        return url


def _canonical(parts: SplitResult) -> str:
    # One slash at its beginning, or its first folder would be taken for a host.
    path = _SESSION.sub("", _settled(safe_url_string(_SLASHES.sub("/", parts.path or "/"))))
    path = _SLASHES.sub("/", path).rstrip("/.;") or "/"
    query = "&".join(
        f"{quote(_letters(name), safe='')}={quote(_letters(value), safe='')}"
        for name, value in sorted(parse_qsl(parts.query, keep_blank_values=True))
        if not _TRACKING.fullmatch(name)
    )
    settled = f"https://{_host(parts.hostname or '', parts.port)}{path}"
    return canonicalize_url(f"{settled}?{query}" if query else settled)


@lru_cache(maxsize=1 << 12)
def own_letters(url: str) -> str | None:
    """The url as its request is sent, if its path holds letters that `canonical_url` settles.

    Most servers take `ي` for `ی` and a half-space for none; where one does not, this spelling
    is a page and the canonical one is not, or the other way round.
    """
    try:
        sent = safe_url_string(url.strip())
        path = urlsplit(sent).path
    except ValueError:
        return None
    escaped = _ESCAPED_LETTERS.sub(lambda match: match[0].upper(), path)
    return None if escaped == _settled(path) else sent


def host_of(url: str) -> str:
    """The host of a url as the table of sources writes it: lower case, without `www.`.

    A port of its own stays with it, since another server answers there. Empty for what is no url.
    """
    parts = _parts(url)
    return "" if parts is None or not parts.hostname else _host(parts.hostname, parts.port)


def _parts(url: str) -> SplitResult | None:
    """A url's parts; None where there is none: whoever writes urls, writes these too."""
    try:
        parts = urlsplit(url.strip())
        _ = parts.port
    except ValueError:
        return None
    return parts


def _host(hostname: str, port: int | None) -> str:
    host = hostname.lower().rstrip(".").removeprefix("www.")
    return host if port in {None, 80, 443} else f"{host}:{port}"


def _settled(path: str) -> str:
    return _ESCAPED_LETTERS.sub(_settled_run, path)


def _settled_run(match: re.Match[str]) -> str:
    raw = unquote_to_bytes(match[0])
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:  # an old encoding: leave its bytes alone
        return match[0].upper()
    return quote(_letters(text))


def _letters(text: str) -> str:
    settled = unicodedata.normalize("NFC", text).translate(_LETTERS)
    # Heh and yeh with a hamza of its own above them: Unicode joins it to the Arabic letters alone.
    return settled.replace("ه\u0654", "ۀ").replace("ی\u0654", "ئ")
