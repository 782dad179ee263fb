"""Versions of one notice that differ in more and more words."""

import pyarrow as pa

NOTICE = (
    "The council of the port voted on Tuesday evening to close the old bridge over the river for the whole of the "
    "coming winter, after engineers had found cracks in two of its pillars, and asked the ferry company to run boats "
    "every quarter of an hour from five in the morning until midnight, free of charge for all who live on the island."
)
CHANGES = {
    "Tuesday": "Monday",
    "cracks": "damage",
    "midnight": "eleven",
    "river": "<script>alert(1)</script> bay",
    "winter": "spring",
    "island": "peninsula",
    "boats": "ferries",
    "company": "operator",
}


def notices() -> pa.Table:
    """Return the notice and its versions, each with one change more than the version before."""
    texts = [NOTICE]
    for old, new in CHANGES.items():
        texts.append(texts[-1].replace(old, new, 1))
    other = "שלום עולם, זו ידיעה אחרת לגמרי שאין לה שום קשר לגשר הישן או לנמל של העיר."
    return pa.table({"id": [f"v{number}" for number in range(len(texts))] + ["other"], "text": [*texts, other]})
