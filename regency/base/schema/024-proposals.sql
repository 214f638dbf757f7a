-- Additive: what villages propose of their people, and how it stands. Of whom and what, only who has the regency's sealing
-- key reads; `balai hub open`.
CREATE TABLE resident_proposal (
  village     text COLLATE "C" NOT NULL,
  proposal    text COLLATE "C" NOT NULL,
  kind        text,                       -- born, died, moved-in, moved-out, married, corrected; NULL: that entry is not here yet
  on_day      date,
  made_at     timestamptz,
  answered_at timestamptz,
  -- sent, accepted, refused, papers, withdrawn, replaced
  state       text NOT NULL,
  PRIMARY KEY (village, proposal)
);
CREATE INDEX resident_proposal_waiting ON resident_proposal (made_at) WHERE state = 'sent';
