CREATE TABLE guestbook_visit (
  village text NOT NULL,
  visit   text NOT NULL,
  stars   int NOT NULL,
  PRIMARY KEY (village, visit)
);
