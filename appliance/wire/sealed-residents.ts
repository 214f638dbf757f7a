import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip, gzipSync } from 'node:zlib'
import { type Static, Type } from 'typebox'
import { compileLater } from '../base/compile-later.ts'
import { closed, Day } from '../base/schemas.ts'

/*
 * SYNC-021: what is sealed of the dataset `residents`. In clear it is gzip of one line of JSON, which says what the file is,
 * and behind it the file as somebody brought it.
 */

const ResidentsHead = Type.Object(
  {
    village: Type.String({ pattern: '^[0-9]{10}$' }),
    source: Type.String({ minLength: 1, maxLength: 100, description: 'What the file is called' }),
    asOf: Day,
    mark: Type.Union([Type.String({ minLength: 1, maxLength: 60 }), Type.Null()], {
      description: 'What a list of aid says of everybody in it',
    }),
  },
  closed,
)
export type ResidentsHead = Static<typeof ResidentsHead>

const validator = compileLater(ResidentsHead)
const mostHeadBytes = 4_096

/** Seals a file for one box. `recipient`: `age1…`. */
export async function sealResidents(head: ResidentsHead, file: Uint8Array, recipient: string): Promise<Buffer> {
  const { Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  const plain = gzipSync(Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), file]), { level: 9 })
  return Buffer.from(await encrypter.encrypt(plain))
}

/** Why it is not taken: sealed to another key, or opened and not what it has to be. */
export class UnopenedError extends Error {
  readonly why: 'sealed' | 'unreadable'
  constructor(why: 'sealed' | 'unreadable') {
    super(`What was sent sealed is not taken: ${why}`)
    this.why = why
  }
}

/**
 * Opens a sealed file into `path`, of which the box never holds more than a piece in clear, and answers what it is. Throws
 * UnopenedError, and what the disk throws. `secret`: `AGE-SECRET-KEY-1…`; `mostBytes`: of the file.
 */
export async function openResidents(
  sealed: Uint8Array,
  { secret, village, path, mostBytes }: { secret: string; village: string; path: string; mostBytes: number },
): Promise<ResidentsHead> {
  const { Decrypter } = await import('age-encryption')
  const decrypter = new Decrypter()
  decrypter.addIdentity(secret)
  const plain = await decrypter.decrypt(sealed).catch(() => {
    throw new UnopenedError('sealed')
  })
  let head: ResidentsHead | null = null
  let bytes = 0
  const gunzip = createGunzip()
  gunzip.end(plain)
  await pipeline(
    gunzip,
    async function* (pieces: AsyncIterable<Buffer>) {
      let start = Buffer.alloc(0)
      for await (const piece of pieces) {
        let rest = piece
        if (!head) {
          start = Buffer.concat([start, piece])
          const end = start.indexOf('\n')
          if (end < 0 && start.length <= mostHeadBytes) continue
          head = parseHead(start.subarray(0, end), village)
          rest = start.subarray(end + 1)
        }
        bytes += rest.length
        if (bytes > mostBytes) throw new UnopenedError('unreadable')
        if (rest.length > 0) yield rest
      }
    },
    createWriteStream(path, { mode: 0o600 }),
  ).catch((error: { code?: string }) => {
    throw error.code?.startsWith('Z_') ? new UnopenedError('unreadable') : error
  })
  if (!head || bytes === 0) throw new UnopenedError('unreadable')
  return head
}

function parseHead(line: Buffer, village: string): ResidentsHead {
  let head: unknown
  try {
    head = JSON.parse(line.toString('utf8'))
  } catch {
    throw new UnopenedError('unreadable')
  }
  if (!validator.Check(head) || head.village !== village) throw new UnopenedError('unreadable')
  return head
}
