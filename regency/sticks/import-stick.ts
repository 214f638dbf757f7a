import type { KeyObject } from 'node:crypto'
import { AppError } from '../../appliance/base/errors.ts'
import { unpackFrame } from '../../appliance/wire/frame.ts'
import { validators } from '../../appliance/wire/messages.ts'
import { publicKeyOf } from '../../appliance/wire/sign.ts'
import {
  openStick,
  packReceipt,
  readStickHead,
  type StickHead,
  stickFileName,
} from '../../appliance/wire/stick-file.ts'
import type { CasePhotos } from '../agency/photos.ts'
import type { Receiver } from '../delivery/receiver.ts'
import { type CarriedPut, type TakenPhotos, takePhotos } from './carried-photos.ts'

type Parts = {
  receiver: Pick<Receiver, 'take'>
  hubKey: KeyObject
  isMember: (village: string) => boolean
  now: () => number
  /** Photos that entries name (SYNC-025); they are known once the village is folded. */
  photos: Pick<CasePhotos, 'dropPieces'>
  fold: (village: string) => Promise<boolean>
}

/**
 * Why not all of a file was taken. `gap`: an earlier file has to come first. `photos`: some were not taken. `code`: of the
 * hub's own refusal.
 */
export type StickTrouble = { kind: 'gap' | 'photos' | 'refused'; code: string; message: string }

export type Imported = Pick<StickHead, 'village' | 'at'> & {
  /** That were not here before. */
  entries: number
  /** Photos of papers that are whole now and were not. */
  photos: number
  troubles: StickTrouble[]
  /** For the way back. */
  receipt: { name: string; file: Buffer }
}

/**
 * Takes a file that a stick has brought (SYNC-024), through the same door as what the line brings: each batch is judged,
 * and counted once, whatever came before, beside or twice. Throws an AppError (`stick.…`) where the file is none that
 * this hub may take, or nothing can be taken now; what was taken before that stays, and the same file may come again.
 */
export async function importStick(
  file: Buffer,
  { receiver, hubKey, isMember, now, photos, fold }: Parts,
): Promise<Imported> {
  const { village, hub, at } = readStickHead(file)
  if (hub !== publicKeyOf(hubKey))
    throw new AppError('invalid', 'stick.other-regency', 'The file is sealed to another regency’s hub.')
  if (!isMember(village))
    throw new AppError('invalid', 'stick.unknown-village', `${village} is no village of this regency.`, { village })
  const [hello, ...frames] = await openStick(file, hubKey)
  if (!hello) throw new AppError('invalid', 'stick.no-file', 'This file was not written by a box for its regency.')

  const ask = async (kind: 'hello' | 'up', frame: Buffer) => {
    const answer = await new Promise<Buffer | null>((resolve) => receiver.take(village, kind, frame, resolve))
    if (answer) return unpackFrame(answer)
    throw new AppError('unavailable', 'stick.no-answer', 'Nothing can be taken now. The same file may come again.')
  }
  const askForPhoto = async (frame: Buffer) => {
    const answer = await ask('up', frame).catch((error: unknown) => {
      if (error instanceof AppError) return null
      throw error
    })
    return validators.filePutAck.Check(answer) ? answer : null
  }
  const greeted = await ask('hello', hello)
  if (!validators.helloAck.Check(greeted)) throw new TypeError('A hello is answered by its ack.')
  const before = new Map(greeted.epochs.map(({ epoch, seq }) => [epoch, seq]))
  const ends = new Map(greeted.epochs.filter(({ seq }) => seq > 0).map((end) => [end.epoch, end]))
  const troubles = new Map<string, StickTrouble>()
  const puts: CarriedPut[] = []
  for (const frame of frames) {
    const message = unpackFrame(frame)
    if (validators.filePut.Check(message)) {
      puts.push({ frame, put: message })
      continue
    }
    const { epoch, last } = readPlace(message)
    if (troubles.has(epoch)) continue
    const ack = await ask('up', frame)
    if (!validators.batchAck.Check(ack)) throw new TypeError('A batch is answered by its ack.')
    if (ack.seq > (ends.get(ack.epoch)?.seq ?? 0)) ends.set(ack.epoch, { ...ack, common: 0 })
    if (ack.refused) troubles.set(epoch, { kind: 'refused', ...ack.refused })
    else if (ack.unknown || ack.seq < last)
      troubles.set(epoch, {
        ...{ kind: 'gap', code: 'gap' },
        message: 'Something that the box sent before this file is not here: an earlier stick, or its line.',
      })
  }
  const taken =
    puts.length > 0 && (await fold(village)) ? await takePhotos(village, puts, { ask: askForPhoto, photos }) : null
  const left = taken?.left ?? new Set(puts.map(({ put }) => put.file)).size
  if (left > 0)
    troubles.set('photos', {
      ...{ kind: 'photos', code: taken?.why ?? 'not-now' },
      message: `${left} photos of papers were not taken: ${whyLeft[taken?.why ?? 'not-now']}`,
    })
  const epochs = [...ends.values()].map(({ epoch, seq, hash }) => ({ epoch, seq, hash }))
  const entries = epochs.reduce((sum, { epoch, seq }) => sum + Math.max(0, seq - (before.get(epoch) ?? 0)), 0)
  const receiptAt = now()
  return {
    ...{ village, at, entries, photos: taken?.fresh ?? 0, troubles: [...troubles.values()] },
    receipt: {
      name: stickFileName('terima', village, receiptAt),
      file: packReceipt(hubKey, village, receiptAt, { epochs, files: taken?.here ?? [] }),
    },
  }
}

const whyLeft: Record<TakenPhotos['why'], string> = {
  unknown: 'their application is over, or has not come yet.',
  full: 'too many photos of this village are here.',
  'not-now': 'nothing can be taken now. The same file may come again.',
}

/** Which epoch a batch is of, and where it ends. What is no batch the receiver refuses. */
function readPlace(message: unknown): { epoch: string; last: number } {
  const { epoch, first, entries } = message as { epoch: string; first: number; entries: unknown[] }
  return { epoch, last: first + entries.length - 1 }
}
