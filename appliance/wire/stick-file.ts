import type { KeyObject } from 'node:crypto'
import { type Static, Type } from 'typebox'
import { compileLater } from '../base/compile-later.ts'
import { AppError } from '../base/errors.ts'
import { recipientOfBox, secretOfBox } from './box-recipient.ts'
import { sha256Text } from './hash.ts'
import { Box, Receipt } from './messages.ts'
import { signDown, verifyDown } from './sign.ts'
import { villagePattern } from './topics.ts'

/*
 * What a stick carries between a box and its hub (SYNC-024). A file of batches is one line of JSON in clear, which says
 * what it is, and behind it an age file for the hub: the frames of a hello, of batches, and of files that entries name,
 * each after its length in four bytes (big-endian). The way back is a receipt: one line of JSON, signed by the hub.
 */

/** Older programs refuse what a newer one has written in another form. */
const format = 1
const mostHeadBytes = 4_096
/** Of a file's frames together: what a stick's import holds in memory. */
export const mostStickBytes = 48 * 1024 * 1024

const StickHead = Type.Object({
  balai: Type.Literal('batches'),
  format: Type.Integer(),
  village: Type.String({ pattern: villagePattern }),
  box: Box,
  at: Type.Integer({ description: 'ms since 1970 UTC by the box’s clock' }),
  hub: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', description: 'The key of the hub that can open it' }),
  bytes: Type.Integer({ minimum: 0 }),
  sha256: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
})
export type StickHead = Static<typeof StickHead>

export type Receipted = Receipt['epochs']

const heads = compileLater(StickHead)
const receipts = compileLater(Receipt)

/** `kirim-3510242008-2026-12-01T02-00-00Z.balai`, and `terima-….balai` for its receipt. `at`: ms since 1970 UTC. */
export const stickFileName = (kind: 'kirim' | 'terima', village: string, at: number): string =>
  `${kind}-${village}-${new Date(at).toISOString().slice(0, 19).replaceAll(':', '-')}Z.balai`

export const isBatchesName = (name: string): boolean => /^kirim-\d{10}-.*\.balai$/.test(name)
export const isReceiptName = (name: string, village: string): boolean =>
  name.startsWith(`terima-${village}-`) && name.endsWith('.balai')

/** The file of a box for the hub with this key (Ed25519, raw, base64url). */
export async function packStick(
  { village, box, at }: Pick<StickHead, 'village' | 'box' | 'at'>,
  hub: string,
  frames: readonly Buffer[],
): Promise<Buffer> {
  const { Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipientOfBox(hub))
  const plain = Buffer.concat(frames.flatMap((frame) => [lengthOf(frame), frame]))
  const sealed = Buffer.from(await encrypter.encrypt(plain))
  const named: StickHead = {
    ...{ balai: 'batches', format, village, box, at, hub },
    ...{ bytes: sealed.length, sha256: sha256Text(sealed) },
  }
  return Buffer.concat([Buffer.from(`${JSON.stringify(named)}\n`), sealed])
}

/** What a file says that it is, in clear. Throws AppError `stick.no-file`, `stick.newer`, `stick.half`, `stick.changed`. */
export function readStickHead(file: Buffer): StickHead {
  const head = readLine(file)
  if (isNewer(head)) throw new AppError('invalid', 'stick.newer', 'A newer program has written this file.')
  if (!heads.Check(head)) throw noFile()
  const body = bodyOf(file)
  if (body.length < head.bytes)
    throw new AppError('invalid', 'stick.half', `The file is cut short: ${body.length} of ${head.bytes} bytes.`)
  if (body.length !== head.bytes || sha256Text(body) !== head.sha256)
    throw new AppError('invalid', 'stick.changed', 'The file was changed after the box wrote it.')
  return head
}

/** The frames of a file whose head was read. Throws `stick.other-regency` where it is sealed to another hub. */
export async function openStick(file: Buffer, key: KeyObject): Promise<Buffer[]> {
  const { Decrypter } = await import('age-encryption')
  const decrypter = new Decrypter()
  decrypter.addIdentity(secretOfBox(key))
  const opened = await decrypter.decrypt(bodyOf(file)).catch(() => {
    throw new AppError('invalid', 'stick.other-regency', 'The file is sealed to another regency’s hub.')
  })
  return split(Buffer.from(opened))
}

/** The answer of the hub, as a file. */
export const packReceipt = (
  key: KeyObject,
  village: string,
  at: number,
  receipted: Pick<Receipt, 'epochs' | 'files'>,
): Buffer => {
  const unsigned = { balai: 'receipt' as const, format, at, ...receipted }
  return Buffer.from(`${JSON.stringify({ ...unsigned, village, sig: signDown(key, village, unsigned) })}\n`)
}

/**
 * A receipt for this village, by the hub with this key. Throws AppError `stick.no-receipt`, `stick.newer`,
 * `stick.other-village`, `stick.not-signed`.
 */
export function readReceipt(file: Buffer, { village, hub }: { village: string; hub: string }): Receipt {
  const receipt = readLine(file)
  if (isNewer(receipt)) throw new AppError('invalid', 'stick.newer', 'A newer program has written this file.')
  if (!receipts.Check(receipt)) throw new AppError('invalid', 'stick.no-receipt', 'This file is no receipt of a hub.')
  if (receipt.village !== village)
    throw new AppError('invalid', 'stick.other-village', `The receipt is for ${receipt.village}.`, {
      village: receipt.village,
    })
  const { village: _village, ...signed } = receipt
  if (!verifyDown(hub, village, signed))
    throw new AppError('invalid', 'stick.not-signed', 'The receipt is not signed by the hub of this box’s regency.')
  return receipt
}

const noFile = () => new AppError('invalid', 'stick.no-file', 'This file was not written by a box for its regency.')

function readLine(file: Buffer): unknown {
  const end = file.subarray(0, 256 * 1024).indexOf(0x0a)
  try {
    return end > 0 ? JSON.parse(file.subarray(0, end).toString('utf8')) : null
  } catch {
    return null
  }
}

const isNewer = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'balai' in value &&
  Number((value as { format?: unknown }).format) > format

const bodyOf = (file: Buffer): Buffer => file.subarray(file.subarray(0, mostHeadBytes).indexOf(0x0a) + 1)

function lengthOf(frame: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(frame.length)
  return length
}

function split(plain: Buffer): Buffer[] {
  const frames: Buffer[] = []
  for (let at = 0; at < plain.length; ) {
    const length = at + 4 <= plain.length ? plain.readUInt32BE(at) : Number.POSITIVE_INFINITY
    if (at + 4 + length > plain.length) throw noFile()
    frames.push(plain.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return frames
}
