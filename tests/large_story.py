"""A story that many outlets report, made up by a seeded generator."""

from datetime import datetime, timedelta

import pyarrow as pa
from generated_news import NOUNS, Newsroom


def make_large_story(documents: int, seed: int = 7) -> pa.Table:
    """Make up articles that report the same event, each in its own selection of sentences, and one that does not.

    Args:
        documents: Number of articles on the event, at least 2. Every fifth states another number.
        seed: Seed of the random numbers.
    """
    room = Newsroom(seed)
    sentences = [room.sentence() for _ in range(8)]
    begin = datetime(2024, 5, 2, 7, 30)
    rows = []
    for rank in range(documents):
        taken = sorted(room.random.sample(range(1, len(sentences)), 4))
        texts = [sentences[0].texts[0], *(sentences[at].texts[room.random.randrange(3)] for at in taken)]
        number = next(word for word in texts[0].split() if "," in word and word.replace(",", "").isdigit())
        if rank % 5 == 4:
            texts[0] = texts[0].replace(number, f"{int(number.replace(',', '')) * 2:,}")
        place = room.name()
        rows.append(
            {
                "id": f"article-{rank:02}",
                "outlet": f"{place} {room.random.choice(('Post', 'Gazette', 'Courier', 'Herald', 'Tribune'))}",
                "date": (begin + rank * timedelta(minutes=47)).isoformat(timespec="minutes"),
                "title": f"{room.random.choice(NOUNS).capitalize()} of {place} under water after the storm",
                "text": " ".join([*texts, f"At {place} there were {rank + 100} visitors."]),
            }
        )
    other = {"id": "other", "outlet": "Dog Weekly", "date": "2024-05-03", "title": "Dogs", "text": "Dogs sleep a lot."}
    return pa.Table.from_pylist([*rows, other])
