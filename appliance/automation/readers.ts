import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import { AppError } from '../base/errors.ts'
import type { Journal } from '../base/journal/journal.ts'
import type { Store } from '../base/store/store.ts'
import { dayMs } from '../base/time.ts'
import { jsonLine, openLines } from './json-lines.ts'

type Row = {
  n: number
  name: Buffer
  type: string
  at: number
  clock: string
  actor: string
  key: string | null
  data: string
}

const slice = 200
/** A place is on the disk this soon after it moved: a card syncs a hundred times a second, and a repeat hurts nobody. */
const flushMs = 1_000
const mostReaders = 100
const forgottenMs = 90 * dayMs

export type Readers = ReturnType<typeof createReaders>

/**
 * Entries for flows, from the place that the box keeps for each reading node. What is written here is read on from disk
 * as fast as the reader takes it, so one that is stuck costs nothing. Without `private`, and without the past that came
 * back from the regency: a lamp must not blink for last month's calls.
 */
export function createReaders(store: Store, journal: Journal, now: () => number) {
  const { db } = store
  const selectSlice = db.prepare<{ after: number; upTo: number; types: string | null }, Row>(`
    SELECT row AS n, name, type, at, clock, actor, key, data
    FROM entry
    WHERE row > @after AND row <= @upTo AND written = 'here'
      AND (@types IS NULL OR type IN (SELECT value FROM json_each(@types)))
    ORDER BY row`)
  const selectPlace = db
    .prepare<{ reader: string }, number>('SELECT row FROM flow_reader WHERE reader = @reader')
    .pluck()
  const selectCount = db.prepare<[], number>('SELECT count(*) FROM flow_reader').pluck()
  const upsert = db.prepare(`
    INSERT INTO flow_reader (reader, row, seen_at) VALUES (@reader, @row, @now)
    ON CONFLICT (reader) DO UPDATE SET row = excluded.row, seen_at = excluded.seen_at`)
  const deleteForgotten = db.prepare('DELETE FROM flow_reader WHERE seen_at < @before')

  const moved = new Map<string, number>()
  /** Streams that are open, by reader: a node that connects again takes the place of its lost connection. */
  const open = new Map<string, FastifyReply['raw']>()
  const flushing = setInterval(flush, flushMs)
  flushing.unref()

  function flush(): void {
    if (moved.size === 0) return
    store.write(() => {
      for (const [reader, row] of moved) upsert.run({ reader, row, now: now() })
      deleteForgotten.run({ before: now() - forgottenMs })
    })
    moved.clear()
  }

  const placeOf = (reader: string): number | undefined => moved.get(reader) ?? selectPlace.get({ reader })

  /** Which journal the numbers are of: those of another box, or of one before a restore, mean other entries. */
  const journalId = (): string => journal.currentEpoch() ?? ''

  /** Sends entries from the reader's place on until it closes. A reader that is new here begins at the end. */
  function stream(reply: FastifyReply, reader: string, types: readonly string[] | null): void {
    const known = placeOf(reader)
    if (known === undefined && (selectCount.get() ?? 0) + moved.size >= mostReaders)
      throw new AppError('too-many', 'flow.too-many-readers', `There are ${mostReaders} reading nodes already.`)
    const after = known ?? journal.lastRow()
    if (known === undefined) moved.set(reader, after)
    open.get(reader)?.destroy()
    const raw = openLines(reply)
    open.set(reader, raw)
    raw.write(jsonLine({ journal: journalId(), after, moved: known === undefined }))
    void send(raw, after, types && JSON.stringify(types))
    raw.once('close', () => {
      if (open.get(reader) === raw) open.delete(reader)
    })
  }

  async function send(raw: FastifyReply['raw'], from: number, types: string | null): Promise<void> {
    let after = from
    let wake = () => {}
    const stopListening = journal.onRing(() => wake())
    raw.once('close', () => wake())
    try {
      while (!raw.destroyed) {
        const last = journal.lastRow()
        if (after >= last) {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
          continue
        }
        const upTo = Math.min(last, after + slice)
        const rows = selectSlice.all({ after, upTo, types })
        const lines = rows.map(writeRow)
        if (rows.at(-1)?.n !== upTo) lines.push(jsonLine({ n: upTo }))
        after = upTo
        if (raw.write(lines.join(''))) await nextTurn()
        else
          await new Promise<void>((resolve) => {
            wake = () => raw.destroyed && resolve()
            raw.once('drain', resolve)
          })
      }
    } finally {
      stopListening()
    }
  }

  return {
    stream,
    /** A node has dealt with all entries up to `n`. Throws `flow.other-journal` for numbers of another journal. */
    see(reader: string, journalOfN: string, n: number): void {
      if (journalOfN !== journalId())
        throw new AppError('conflict', 'flow.other-journal', 'These numbers are of another journal: connect again.')
      const place = placeOf(reader)
      if (place === undefined)
        throw new AppError('not-found', 'flow.no-reader', 'This reading node has not connected to this box.')
      if (n > journal.lastRow()) throw new AppError('invalid', 'flow.not-written', `There is no entry ${n} yet.`, { n })
      if (n > place) moved.set(reader, n)
    },
    stop(): void {
      clearInterval(flushing)
      for (const raw of open.values()) raw.destroy()
      flush()
    },
  }
}

/** `data` is stored as JSON and goes as it stands. */
const writeRow = ({ n, name, data, ...rest }: Row): string =>
  `{"n":${n},"entry":${JSON.stringify({ ...rest, name: name.toString('base64url') }).slice(0, -1)},"data":${data}}}\n`
