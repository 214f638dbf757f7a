import type { KeyObject } from 'node:crypto'
import { minuteMs } from '../base/time.ts'
import { packFrame } from '../wire/frame.ts'
import { type FilePutAck, limits } from '../wire/messages.ts'
import { signPut } from '../wire/sign.ts'
import { mayCarryFile, type SenderState } from './sender-state.ts'
import { times } from './timing.ts'

/** Who has files that the regency shall get; each is named by an entry that the regency has already. */
export type FileSource = {
  /** The one that shall go next; null: none waits. */
  next(): { file: string; size: number } | null
  /** All that wait, in that order. */
  waiting(): { file: string; size: number }[]
  /** Bytes of it; null: it is not to go any more. */
  read(file: string, from: number, most: number): Buffer | null
  /** The regency has it whole. */
  arrived(file: string): void
}

type Parts = {
  source: FileSource
  village: string
  key: KeyObject
  state: () => SenderState
  monotonicMs: () => number
  publish: (payload: Buffer) => void
  /** So many bytes of the hour went. */
  spent: (bytes: number) => void
  after: (ms: number, work: () => void) => void
}

/** A timer may go off a moment before the clock says so; nobody would look again for long. */
const earlyMs = 20
/** Around the bytes: the rest of the message, and base64 that takes a third more. */
const aroundBytes = 600
/** After so many answers that it is not taken now, and after so many questions that nobody answered. */
const pauseMs = (times: number): number => [5_000, 30_000][times] ?? 5 * minuteMs
const silenceMs = (times: number): number => [0, minuteMs][times] ?? 5 * minuteMs

/** SYNC-025: sends one file at a time, piece by piece, while the line has nothing else to do. */
export function createFileUplink({ source, village, key, state, monotonicMs, publish, spent, after }: Parts) {
  /** `have`: null until the regency has said how much it has. */
  let going: { file: string; size: number; have: number | null } | null = null
  let question: { session: string; n: number; askedAt: number } | null = null
  let nextN = 1
  let pausedUntil = 0
  let waits = 0
  let silences = 0

  function pause(ms: number): void {
    pausedUntil = monotonicMs() + ms
    after(ms, look)
  }

  /** Asks the next question where one is due. */
  function look(): void {
    const now = monotonicMs()
    const { session, batchBytes } = state()
    if (question && question.session === session && now - question.askedAt < times.answerMs - earlyMs) return
    if (question) {
      // The line went, or nobody answers: how much is there is asked anew.
      const isSilent = question.session === session
      question = null
      if (going) going = { ...going, have: null }
      if (isSilent) pause(silenceMs(silences++))
    }
    if (now < pausedUntil - earlyMs || !session || !mayCarryFile(state())) return
    going ??= startOf(source.next())
    if (!going) return
    const { file, size, have } = going
    const most = Math.min(limits.pieceBytes, Math.max(1_024, Math.floor((batchBytes - aroundBytes) * 0.75)))
    const bytes = have === null ? Buffer.alloc(0) : source.read(file, have, most)
    if (bytes === null || (have !== null && bytes.length === 0)) {
      going = null
      after(0, look)
      return
    }
    const n = nextN++
    const unsigned = { village, session, n, file, size, first: have ?? 0, bytes: bytes.toString('base64url') }
    const payload = packFrame({ ...unsigned, sig: signPut(key, unsigned) })
    question = { session, n, askedAt: now }
    publish(payload)
    spent(payload.length)
    after(times.answerMs, look)
  }

  const startOf = (next: { file: string; size: number } | null) => next && { ...next, have: null }

  function takeAck({ session, re, file, have, wait }: FilePutAck): void {
    if (!question || session !== question.session || re !== question.n || file !== going?.file) return // SYNC-001
    question = null
    silences = 0
    if (wait !== undefined) {
      // Another one may be wanted by now.
      going = null
      pause(pauseMs(waits++))
      return
    }
    waits = 0
    if (have < going.size) going = { ...going, have }
    else {
      going = null
      source.arrived(file)
    }
    look()
  }

  return { look, takeAck }
}
