"""Texts that contain markup, scripts or control characters."""

ATTACKS = [
    "<script>window.pwned=1</script>",
    "</script><script>window.pwned=1</script>",
    "<!-- <script>",
    '"><img src=x onerror="window.pwned=1">',
    "' onmouseover='window.pwned=1' autofocus onfocus='window.pwned=1",
    "javascript:window.pwned=1",
    "</title></style></textarea></noscript></template><svg onload=window.pwned=1>",
    "]]>&lt;script&gt;window.pwned=1&lt;/script&gt;{{ 7*7 }}{% raw %}${window.pwned=1}`",
    "a\u2028b\u2029c",
    "\x01\x02\x07\x1b[31m\x7f\x9b31m",
    "\u202ereversed\u202c \u2066isolated",
    "__proto__",
]
