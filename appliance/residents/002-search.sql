-- Additive: by what residents are found. Made from resident.person by search-terms.ts; each row of `resident` has its own,
-- also rows that do not count now: who asks joins resident_now.

-- One document a row, without the text: terms of one letter that says what they are, and a word, key or number
-- (search-terms.ts). The index of three characters is for what is typed first: a letter, and two of a name.
CREATE VIRTUAL TABLE resident_search USING fts5(
  terms, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii', prefix = '2 3'
);

-- Every key that a word has here, under itself, under the word, and under either without any one of its letters: what shares
-- one of these is a slip of the fingers apart. A key stays when its last bearer goes; it names nobody.
CREATE TABLE resident_spelling (
  variant TEXT NOT NULL,
  key     TEXT NOT NULL,
  PRIMARY KEY (variant, key)
) STRICT, WITHOUT ROWID;

-- What is typed as it stands: NIK and KK from behind, as clerks type the last digits, and what a reader types for a card.
CREATE TABLE resident_code (
  code TEXT NOT NULL,                 -- n or k and the number backwards, t and the card's
  row  INTEGER NOT NULL,
  PRIMARY KEY (code, row)
) STRICT, WITHOUT ROWID;
CREATE INDEX resident_code_row ON resident_code (row);
