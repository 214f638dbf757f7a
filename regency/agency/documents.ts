import { AppError } from '../../appliance/base/errors.ts'
import { dayMs } from '../../appliance/base/time.ts'
import { sha256Text } from '../../appliance/wire/hash.ts'
import { type FileChunk, type FileWant, limits } from '../../appliance/wire/messages.ts'
import type { Database } from '../base/database.ts'
import { expiry, giveCommand } from '../commands/giving.ts'
import { pieceBytes } from '../datasets/offers.ts'
import { readRecipient } from '../datasets/residents.ts'

/** What no village has fetched in this time goes; its command has expired by then. */
export const waitsMs = 30 * dayMs

type Sent = { village: string; case: string; document: string; recipient: string; sealed: Buffer; agency: string }

/** Whether this agency was sent an application of that village, and which one. Throws `agency.unknown-case`. */
export async function assertOwnCase(
  database: Pick<Database, 'query'>,
  { village, agency, id }: { village: string; agency: string; id: string },
): Promise<void> {
  const { rowCount } = await database.query(
    'SELECT FROM citizen_case WHERE village = $1 AND id = $2 AND agency = $3 AND relayed IS NOT NULL',
    [village, id, agency],
  )
  if (!rowCount) throw new AppError('not-found', 'agency.unknown-case', 'Nothing of that was sent to this agency.')
}

/**
 * Keeps a document for its village, which hears of it by a command and fetches it (SYNC-026). The same `document` once more
 * changes nothing. Throws `agency.unknown-case`, `agency.document-large`, and `agency.other-box` where the village has another
 * box than the one that it was sealed to.
 */
export async function sendDocument(database: Database, sent: Sent, now: number): Promise<void> {
  const { village, case: id, document, recipient, sealed, agency } = sent
  await assertOwnCase(database, { village, agency, id })
  if (sealed.length > limits.documentBytes)
    throw new AppError('invalid', 'agency.document-large', 'A document has 1 MB at most.')
  const file = sha256Text(sealed)
  await database.inTransaction(async (client) => {
    if ((await readRecipient(client, village)) !== recipient)
      throw new AppError('conflict', 'agency.other-box', `${village} has another box by now; seal it anew.`)
    const { rowCount } = await client.query(
      `INSERT INTO case_document (village, document, case_id, agency, file, size, bytes, at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8 / 1000.0))
       ON CONFLICT DO NOTHING`,
      [village, document, id, agency, file, sealed.length, sealed, now],
    )
    if (!rowCount) return
    const data = { case: id, document, file, bytes: sealed.length, recipient }
    const given = { command: { type: 'case-document' as const, data }, expiresMs: expiry.mostMs, key: document, now }
    await giveCommand(
      client,
      { ...given, places: { villages: [village] } },
      { account: null, actor: `agency ${agency}` },
    )
  })
}

/** SYNC-026: bytes of a document for the village that it is for; null: it is none of its own, or has arrived. */
export async function givePiece(database: Database, village: string, want: FileWant): Promise<FileChunk | null> {
  const { session, n, file, from } = want
  const { rows } = await database.query<{ bytes: Buffer }>({
    name: 'select-document-piece',
    text: `
      SELECT substring(bytes FROM $3::int + 1 FOR $4::int) AS bytes
      FROM case_document
      WHERE village = $1 AND file = $2 AND bytes IS NOT NULL
      LIMIT 1`,
    values: [village, file, from, pieceBytes(want)],
  })
  const [row] = rows
  return row ? { session, re: n, file, first: from, bytes: row.bytes.toString('base64url') } : null
}

/** What nobody has fetched in its time goes. */
export async function dropDocuments(database: Database, now: number): Promise<void> {
  await database.query(
    'UPDATE case_document SET bytes = NULL WHERE bytes IS NOT NULL AND at < to_timestamp($1 / 1000.0)',
    [now - waitsMs],
  )
}
