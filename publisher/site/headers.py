"""What a web server should say about each file: kind, age, and what a browser may do with it.

One table, from which come the headers that our own server sends and the snippets for nginx,
Caddy and Netlify.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Nothing from elsewhere but pictures that an editor linked by https; no script but our own search.
POLICY = (
    "default-src 'none'; img-src 'self' https:; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
SECURITY = (
    ("Content-Security-Policy", POLICY),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), interest-cohort=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
FOREVER = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=1200"
SHORTLY = "public, max-age=300"


@dataclass(frozen=True, slots=True)
class Rule:
    """Files whose path from the root matches ``pattern`` whole, and what is said of them.

    ``globs`` are the same files in the words of Netlify, where a header that two rules set comes
    twice: no file matches more than one.
    """

    pattern: str
    globs: tuple[str, ...]
    kind: str
    cache: str


def _feeds(name: str) -> tuple[str, ...]:
    return (f"/{name}", f"/:series/{name}", f"/tags/:tag/{name}")


def _pictures(ending: str, kind: str) -> Rule:
    """Pictures under the name of their content: nothing else stands beside an episode."""
    globs = (f"/:series/:number/*.{ending}",)
    return Rule(rf".*[/-][0-9a-f]{{16}}\.{ending}", globs, f"image/{kind}", FOREVER)


RULES = (
    Rule(
        r".*/feed-\d{4}(-\d+)?\.xml",
        _feeds("feed-*.xml"),
        "application/rss+xml; charset=utf-8",
        FOREVER,
    ),
    Rule(
        r".*/atom-\d{4}(-\d+)?\.xml",
        _feeds("atom-*.xml"),
        "application/atom+xml; charset=utf-8",
        FOREVER,
    ),
    Rule(
        r".*/feed\.xml",
        _feeds("feed.xml"),
        "application/rss+xml; charset=utf-8",
        A_WHILE,
    ),
    Rule(
        r".*/atom\.xml",
        _feeds("atom.xml"),
        "application/atom+xml; charset=utf-8",
        A_WHILE,
    ),
    Rule(
        r".*/feed\.json",
        _feeds("feed.json"),
        "application/feed+json; charset=utf-8",
        A_WHILE,
    ),
    Rule(r"/assets/.*\.css", ("/assets/*.css",), "text/css; charset=utf-8", FOREVER),
    Rule(r"/assets/.*\.js", ("/assets/*.js",), "text/javascript; charset=utf-8", FOREVER),
    _pictures("png", "png"),
    _pictures("jpg", "jpeg"),
    _pictures("gif", "gif"),
    _pictures("webp", "webp"),
    Rule(r".*\.png", (), "image/png", A_WHILE),
    Rule(r".*\.jpg", (), "image/jpeg", A_WHILE),
    Rule(r".*\.svg", (), "image/svg+xml", A_WHILE),
    Rule(r".*\.json", (), "application/json; charset=utf-8", SHORTLY),
    Rule(r".*\.xml", (), "application/xml; charset=utf-8", SHORTLY),
    Rule(r".*\.txt", (), "text/plain; charset=utf-8", SHORTLY),
    Rule(r".*(\.html|/)", (), "text/html; charset=utf-8", SHORTLY),
)
_COMPILED = tuple((re.compile(rule.pattern), rule) for rule in RULES)


def headers_for(path: str) -> dict[str, str]:
    """Give the response headers of a file by its path from the root, ``/ai/1/index.html``.

    The kind is left out for a file of a kind that is not ours.
    """
    for pattern, rule in _COMPILED:
        if pattern.fullmatch(path):
            return {"Content-Type": rule.kind, "Cache-Control": rule.cache} | dict(SECURITY)
    return {"Cache-Control": SHORTLY} | dict(SECURITY)


def snippets(root: str = "/srv/www/public", host: str = "www.example.org") -> dict[str, str]:
    """Give configuration for the servers that are asked for most, by the name of the file."""
    return {
        "nginx.conf": _nginx(root, host),
        "Caddyfile": _caddy(root, host),
        "_headers": _netlify(),
    }


def _nginx(root: str, host: str) -> str:
    security = "\n".join(f'    add_header {name} "{value}" always;' for name, value in SECURITY)
    places = "\n".join(
        f'    location ~ "^{rule.pattern}$" {{\n'
        f"        types {{ }} default_type {rule.kind.partition(';')[0]};\n"
        f"        charset utf-8; charset_types *;\n"
        f'        add_header Cache-Control "{rule.cache}" always;\n'
        + "\n".join(f'        add_header {name} "{value}" always;' for name, value in SECURITY)
        + "\n    }"
        for rule in RULES[:-1]
    )
    return f"""\
# Static files with their squeezed twins. brotli_static needs a module of its own
# (Debian: libnginx-mod-http-brotli-static).
server {{
    listen 80;
    server_name {host};
    root {root};
    index index.html;
    error_page 404 /404.html;
    etag on;
    if_modified_since exact;
    gzip off;
    gzip_static on;
    # brotli_static on;
    charset utf-8;
    add_header Cache-Control "{SHORTLY}" always;
{security}
    location ~ "/\\." {{ return 404; }}
{places}
    location = /rss {{ return 301 /feed.xml; }}
    location = /feed {{ return 301 /feed.xml; }}
}}
"""


def _caddy(root: str, host: str) -> str:
    security = "\n".join(f'            {name} "{value}"' for name, value in SECURITY)
    places = "\n".join(
        f"        @rule{number} path_regexp ^{rule.pattern}$\n"
        f'        header @rule{number} Content-Type "{rule.kind}"\n'
        f'        header @rule{number} Cache-Control "{rule.cache}"'
        for number, rule in reversed(list(enumerate(RULES[:-1], 1)))
    )
    return f"""\
{host} {{
    root * {root}
    # Caddy would sort these by itself, and the rule for all files over those for some: a route
    # keeps them as written, the most particular last.
    route {{
        header {{
            Cache-Control "{SHORTLY}"
{security}
        }}
{places}
        @hidden path */.*
        error @hidden 404
        redir /rss /feed.xml permanent
        redir /feed /feed.xml permanent
        file_server {{
            precompressed br gzip
        }}
    }}
    handle_errors {{
        rewrite * /404.html
        file_server
    }}
}}
"""


def _netlify() -> str:
    lines = ["/*", *(f"  {name}: {value}" for name, value in SECURITY)]
    for rule in RULES:
        for glob in rule.globs:
            lines += [glob, f"  Content-Type: {rule.kind}", f"  Cache-Control: {rule.cache}"]
    return "\n".join(lines) + "\n"
