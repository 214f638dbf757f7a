-- Additive: a second factor at the console, six digits of an authenticator app (TOTP, RFC 6238). It has to stand here as it
-- is, since the hub computes the same digits; who reads the table needs the PIN besides.
ALTER TABLE account ADD COLUMN totp_secret text;                       -- base32, 160 bits; NULL: none
ALTER TABLE account ADD COLUMN totp_on     boolean NOT NULL DEFAULT false; -- false: its first code has not been typed yet
ALTER TABLE account ADD COLUMN totp_step   bigint  NOT NULL DEFAULT 0;     -- the last half minute whose code was taken
