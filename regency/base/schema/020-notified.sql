-- Additive: which alarms have left the building by which way, so that each is told once, and once that it is over.
CREATE TABLE notified (
  way      text COLLATE "C" NOT NULL,             -- webhook, mail, telegram
  trouble  bigint NOT NULL REFERENCES trouble ON DELETE CASCADE,
  told_at  timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,                           -- when its end was told
  PRIMARY KEY (way, trouble)
);
CREATE INDEX notified_trouble ON notified (trouble);
CREATE INDEX notified_open ON notified (way, trouble) WHERE ended_at IS NULL;
