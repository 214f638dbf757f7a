-- Additive: which alarms have left the building by which way, so that each is told once, and once that it is over.
CREATE TABLE notified (
  village  text COLLATE "C" NOT NULL,
  trouble  bigint NOT NULL,
  way      text COLLATE "C" NOT NULL,             -- webhook, mail, telegram
  told_at  timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,                           -- when its end was told
  PRIMARY KEY (village, trouble, way),
  FOREIGN KEY (village, trouble) REFERENCES trouble ON DELETE CASCADE
);
CREATE INDEX notified_open ON notified (way, village, trouble) WHERE ended_at IS NULL;
