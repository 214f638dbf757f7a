-- Where each office day begins among the rows, so that a report reads its days and not the whole past (folded).
CREATE TABLE day_begun (
  ordinal INTEGER PRIMARY KEY,     -- row of the entry that began it
  day     TEXT NOT NULL
) STRICT;

INSERT INTO day_begun (ordinal, day)
SELECT row, json_extract(data, '$.day')
FROM entry
WHERE type = 'queue.day-began';
