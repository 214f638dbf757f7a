/*
 * What an agency signs of a notice (notices.ts), so that neither hub nor whoever finds a token tells of a birth in its name:
 * Ed25519 over these lines, with a key that follows from the secret half of its age key (HKDF-SHA-256 of the 32 bytes that
 * AGE-SECRET-KEY-1… is, without salt). One secret is kept, and its signing half is published beside its recipient.
 */

export type SignedNotice = { village: string; notice: string; kind: string; from: string; sealed: string }

/** The last line is whatever is left: a name may hold anything. */
export const noticeStatement = ({ village, notice, kind, from, sealed }: SignedNotice): string =>
  ['balai notice 1', village, notice, kind, sealed, from].join('\n')

/** The `info` of HKDF. */
export const signerInfo = 'balai agency signer 1'

/** Raw 32 bytes in base64url, as the column `signer` of the dataset `agencies` has it. */
export const signerPattern = '^[A-Za-z0-9_-]{43}$'
