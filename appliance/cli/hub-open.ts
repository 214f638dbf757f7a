import { audit, type Doer } from '../../regency/base/audit.ts'
import type { HubConfig } from '../../regency/base/config.ts'
import { withDatabase } from '../../regency/base/with-database.ts'
import { AppError } from '../base/errors.ts'
import { readTextFile } from '../base/text-file.ts'
import { ageSecretKey } from '../wire/enrolment.ts'
import { createPartOpener, readPart } from '../wire/private-parts.ts'

/*
 * `balai hub open`: what villages have sealed to the regency, in clear. The key is given for this one command and lies
 * nowhere on the hub; the receiver never has it.
 */

type SealedRow = { name: Buffer; type: string; at: string; data: unknown; p: Buffer; file: Buffer }

/** So many are read at once, opened and printed. */
const page = 200

/** The secret key of a file, as `balai fleet` made it. Throws AppError `config` for anything else. */
export function readSealingKey(path: string | undefined): string {
  if (!path)
    throw new AppError('invalid', 'config', '--key: is missing; allowed: the file sealing.key of the fleet folder')
  const text = readTextFile(path).trim()
  if (new RegExp(ageSecretKey).test(text)) return text
  throw new AppError(
    'invalid',
    'config',
    `--key: ${path} holds no key; allowed: the file sealing.key of the fleet folder`,
  )
}

/**
 * Writes a line of JSON for each private part of a village that the key opens, oldest entry first, and answers how many
 * there are and how many it does not open (they are the village's own). A row of `audit` is there before the first line.
 */
export async function openSealed(
  config: HubConfig,
  { village, type, key, by }: { village: string; type: string | undefined; key: string; by: Doer },
  write: (line: string) => void,
): Promise<{ opened: number; closed: number }> {
  return await withDatabase(config.postgres.url, async (database) => {
    const open = await createPartOpener(key)
    await database.inTransaction((client) =>
      audit(client, { ...by, action: 'parts.opened', village, data: { type: type ?? '*' } }),
    )
    let opened = 0
    let closed = 0
    for (let after: { at: number; name: Buffer } = { at: Number.MIN_SAFE_INTEGER, name: Buffer.alloc(0) }; ; ) {
      const { rows } = await database.query<SealedRow>(
        `SELECT s.name, e.type, e.at, e.data, e.p, s.file
         FROM sealed s
         JOIN entry e ON e.village = s.village AND e.name = s.name
         WHERE s.village = $1 AND ($2::text IS NULL OR e.type = $2) AND (e.at, e.name) > ($3, $4)
         ORDER BY e.at, e.name
         LIMIT ${page}`,
        [village, type ?? null, after.at, after.name],
      )
      for (const { name, type: of, at, data, p, file } of rows) {
        const text = await open(file, p)
        if (text === null) closed++
        else {
          opened++
          write(
            `${JSON.stringify({ village, type: of, at: Number(at), name: name.toString('base64url'), data, private: readPart(text) })}\n`,
          )
        }
        after = { at: Number(at), name }
      }
      if (rows.length < page) return { opened, closed }
    }
  })
}
