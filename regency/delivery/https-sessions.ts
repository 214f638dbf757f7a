import { mostWaiting, silentMs } from '../../appliance/wire/https-road.ts'

/** What the hub says unasked, as it would stand on the topic. */
export type Delivery = { kind: string; payload: Buffer }

type Session = {
  id: string
  /** The box's last word, which counts when nothing comes from it any more. */
  will: Buffer
  seenAt: number
  waiting: Delivery[]
  bytes: number
  /** A fetch that waits. */
  wake: () => void
}

type Parts = {
  monotonicMs: () => number
  /** A session ended without a word. */
  onLost: (village: string, will: Buffer) => void
}

export type HttpsSessions = ReturnType<typeof createHttpsSessions>

/**
 * The boxes that come by HTTPS (SYNC-023): one session a village, and what waits until its box fetches it. Nothing of it is
 * kept when the hub ends: a box whose session is not known begins anew, and its hello brings all that is open.
 */
export function createHttpsSessions({ monotonicMs, onLost }: Parts) {
  const sessions = new Map<string, Session>()
  const timer = setInterval(look, silentMs / 3)
  timer.unref()

  const find = (village: string, id: string) => {
    const session = sessions.get(village)
    return session?.id === id ? session : null
  }

  function drop(village: string): void {
    const session = sessions.get(village)
    if (!session) return
    sessions.delete(village)
    session.wake()
    onLost(village, session.will)
  }

  function look(): void {
    for (const [village, { seenAt }] of sessions) if (monotonicMs() - seenAt > silentMs) drop(village)
  }

  /** Lays something ready for the village's box, if it comes this way. */
  function give(village: string, delivery: Delivery): void {
    const session = sessions.get(village)
    if (!session) return
    session.waiting.push(delivery)
    session.bytes += delivery.payload.length
    if (session.waiting.length > mostWaiting.messages || session.bytes > mostWaiting.bytes) drop(village)
    else session.wake()
  }

  return {
    /** Begins a session; the one before it ends. Answers the last word of that, where something came of it lately. */
    begin(village: string, id: string, will: Buffer): Buffer | null {
      const before = sessions.get(village)
      if (before && before.id !== id) drop(village)
      sessions.set(village, { id, will, seenAt: monotonicMs(), waiting: [], bytes: 0, wake: () => {} })
      return before && before.id !== id && monotonicMs() - before.seenAt < silentMs ? before.will : null
    },
    has: (village: string): boolean => sessions.has(village),
    /** Something came of the village's box. */
    note(village: string): void {
      const session = sessions.get(village)
      if (session) session.seenAt = monotonicMs()
    },
    give,
    giveAll(delivery: Delivery): void {
      for (const village of [...sessions.keys()]) give(village, delivery)
    },
    /** What waits, as soon as there is something, or nothing after `ms`; null where there is no such session (any more). */
    async fetch(village: string, id: string, ms: number): Promise<Delivery[] | null> {
      const session = find(village, id)
      if (!session) return null
      session.wake() // two fetches at once: the one before is answered
      if (session.waiting.length === 0) {
        await new Promise<void>((resolve) => {
          const late = setTimeout(resolve, ms)
          session.wake = () => {
            clearTimeout(late)
            resolve()
          }
        })
      }
      if (find(village, id) !== session) return null
      const { waiting } = session
      session.waiting = []
      session.bytes = 0
      session.wake = () => {}
      session.seenAt = monotonicMs()
      return waiting
    },
    /** The box has said goodbye. */
    end(village: string): void {
      const session = sessions.get(village)
      sessions.delete(village)
      session?.wake()
    },
    look,
    /** The hub ends: whoever waits is let go, and comes anew. */
    close(): void {
      clearInterval(timer)
      for (const session of sessions.values()) session.wake()
      sessions.clear()
    },
  }
}
