import { limits } from '../../wire/messages.ts'
import { isPart, type PartOpener, sealPart, sealText } from '../../wire/private-parts.ts'
import { AppError } from '../errors.ts'
import type { Store, Tx } from '../store/store.ts'
import { dayMs } from '../time.ts'
import type { Event, PrivateDeclaration, SealedPart } from './event-registry.ts'
import { mostErased } from './events.ts'
import type { Folding } from './folding.ts'

/** To whom this box seals: public keys, `age1…`. `regency`: null where the regency has made none. */
export type Recipients = { village: string; regency: string | null }

export type PrivateParts = ReturnType<typeof createPrivateParts>

/** So many are sealed anew or opened between two transactions. */
const slice = 100

type Kept = { row: number; p: Buffer; file: Buffer }

/** What is private of entries: sealed before it is written, kept sealed for the way, opened where the key is, erased at its end. */
export function createPrivateParts(store: Store, folding: Folding, recipients: () => Promise<Recipients>) {
  const { db } = store
  const insertSealed = db.prepare(
    'INSERT INTO sealed (row, recipients, file) VALUES (@row, @recipients, @file) ON CONFLICT (row) DO NOTHING',
  )
  const selectErased = db.prepare<{ name: Buffer }, number>('SELECT 1 FROM erased WHERE name = @name').pluck()
  const selectOutdated = db.prepare<
    { row: number; type: string; village: string; rest: string | null },
    { row: number; p: Buffer; private: string; rest: string }
  >(`
    SELECT row, p, private, json_remove(recipients, '$[0]') AS rest
    FROM sealed JOIN entry USING (row)
    WHERE row > @row AND type = @type AND private IS NOT NULL
      AND (recipients ->> 0 <> @village OR json_remove(recipients, '$[0]') <> @rest)
    ORDER BY row
    LIMIT ${slice}`)
  const updateSealed = db.prepare('UPDATE sealed SET recipients = @recipients, file = @file WHERE row = @row')
  const closed = `
    FROM entry INDEXED BY entry_closed CROSS JOIN sealed USING (row)
    WHERE p IS NOT NULL AND private IS NULL`
  const selectClosed = db.prepare<{ row: number }, Kept & { type: string }>(
    `SELECT row, p, file, type ${closed} AND row > @row ORDER BY row LIMIT ${slice}`,
  )
  const countClosed = db.prepare<[], number>(`SELECT count(*) ${closed}`).pluck()
  const selectOpen = db.prepare<{ row: number }, { row: number; p: Buffer; private: string }>(`
    SELECT row, p, private
    FROM sealed CROSS JOIN entry USING (row)
    WHERE row > @row AND private IS NOT NULL AND row NOT IN (SELECT row FROM damaged)
    ORDER BY row
    LIMIT ${slice}`)
  const clearPrivate = db.prepare('UPDATE entry SET private = NULL WHERE row = @row')
  const updatePrivate = db.prepare('UPDATE entry SET private = @text WHERE row = @row AND private IS NULL')
  const upsertRefold = db.prepare(`INSERT INTO fact (name, value) VALUES ('refold', '1') ON CONFLICT (name) DO NOTHING`)
  const selectEnded = db
    .prepare<{ type: string; before: number; limit: number }, Buffer>(`
    SELECT name
    FROM entry
    WHERE type = @type AND at < @before AND p IS NOT NULL AND name NOT IN (SELECT name FROM erased)
    ORDER BY at
    LIMIT @limit`)
    .pluck()

  const selectErasable = db
    .prepare<{ row: number }, Buffer>(
      'SELECT name FROM entry WHERE row = @row AND p IS NOT NULL AND name NOT IN (SELECT name FROM erased)',
    )
    .pluck()

  async function recipientsOf({ reader }: PrivateDeclaration): Promise<string[]> {
    const { village, regency } = await recipients()
    return reader === 'regency' && regency !== null ? [village, regency] : [village]
  }

  /** Opened later than it was folded: what the rooms made of it is folded again at the next start. */
  function keepOpened(row: number, type: string, text: string): void {
    if (updatePrivate.run({ row, text }).changes > 0 && folding.privateOf(type)) upsertRefold.run()
  }

  return {
    /** Seals what is private of an entry that is about to be written. Throws AppError `invalid` where it is not of its type. */
    async seal<T extends string>(type: T, part: object, named?: string): Promise<SealedPart<T>> {
      const declared = folding.privateOf(type)
      if (!declared) throw new AppError('internal', 'internal', `Nothing is private of ${type}.`)
      const mismatch = folding.describePrivateMismatch(type, part)
      if (mismatch) throw new AppError('invalid', 'invalid', `${type}: ${mismatch}`, { where: mismatch })
      if ((declared.reader === 'named') !== (named !== undefined))
        throw new AppError('internal', 'internal', `${type}: a reader is named where the type has one.`)
      const to = [...(await recipientsOf(declared)), ...(named === undefined ? [] : [named])]
      return { type, recipients: to, ...(await sealPart(part, to)) }
    },

    /** Bytes that an entry names by their hash, sealed to the village and to whoever is named. An age file. */
    async sealBytes(bytes: Uint8Array, named: string): Promise<Buffer> {
      const { village } = await recipients()
      return sealText(bytes, [village, named])
    },

    /** What a row that is written here keeps for its way. */
    keepOwn: (row: number, { recipients: to, file }: SealedPart): void => {
      insertSealed.run({ row, recipients: JSON.stringify(to), file })
    },

    /** What came from the regency of a row, sealed and, where this box has the key, in clear; never what is erased. */
    keepReceived(row: number, type: string, file: Buffer, text: string | null): void {
      insertSealed.run({ row, recipients: null, file })
      if (text !== null) keepOpened(row, type, text)
    },

    isErased: (name: Buffer): boolean => selectErased.get({ name }) !== undefined,

    /**
     * Seals anew what is not sealed to the keys that count now: a box may be enrolled after it began. Whoever was named stays.
     */
    async sealAnew(): Promise<number> {
      let count = 0
      for (const { type, declared } of folding.privateTypes) {
        const [village = '', ...others] = await recipientsOf(declared)
        const rest = declared.reader === 'named' ? null : JSON.stringify(others)
        for (let row = 0; ; ) {
          const page = selectOutdated.all({ row, type, village, rest })
          // Of one that is damaged the file is the only good copy.
          const whole = page.filter(({ private: text, p }) => isPart(text, p))
          const sealed = await Promise.all(
            whole.map(async ({ row: at, private: text, rest: known }) => {
              const to = [village, ...(rest === null ? (JSON.parse(known) as string[]) : others)]
              return { row: at, file: await sealText(text, to), recipients: JSON.stringify(to) }
            }),
          )
          const last = page.at(-1)
          if (!last) break
          row = last.row
          count += whole.length
          store.write(() => {
            for (const one of sealed) updateSealed.run(one)
          })
        }
      }
      return count
    },

    /** One that nobody has opened: by it typed words are checked. */
    sampleClosed: (): { p: Buffer; file: Buffer } | null => selectClosed.get({ row: 0 }) ?? null,
    /** How many private parts are here that nobody has opened. */
    countClosed: (): number => countClosed.get() ?? 0,

    /** Opens what is here sealed, a slice in each transaction. Answers how many did not open. `stop`: gives up between two. */
    async openAll(open: PartOpener, onProgress: () => void, stop = () => false): Promise<number> {
      let failed = 0
      for (let row = 0; !stop(); ) {
        const page = selectClosed.all({ row })
        const last = page.at(-1)
        if (!last) break
        row = last.row
        const texts = await Promise.all(page.map(({ file, p }) => open(file, p)))
        store.write(() => {
          for (const [index, one] of page.entries()) {
            const text = texts[index] ?? null
            if (text !== null) keepOpened(one.row, one.type, text)
          }
        })
        failed += texts.filter((text) => text === null).length
        onProgress()
      }
      return failed
    },

    /**
     * Takes away what no longer is what its entry names: a byte on the card has changed. Its age file stays, here and at the
     * regency, and opens by the words. Of a row that was set aside only the good copy says what it should be. Answers how
     * many; gives way between two slices.
     */
    async closeDamaged(): Promise<number> {
      let count = 0
      for (let row = 0; ; await new Promise((resolve) => setImmediate(resolve))) {
        const page = selectOpen.all({ row })
        const last = page.at(-1)
        if (!last) break
        row = last.row
        const damaged = page.filter((one) => !isPart(one.private, one.p))
        count += damaged.length
        if (damaged.length > 0)
          store.write(() => {
            for (const one of damaged) clearPrivate.run({ row: one.row })
          })
      }
      return count
    },

    /**
     * Erases what has reached the end of its days, by an entry for each 300. Answers how many. `certain`: a moment that is
     * certainly past, ms since 1970 UTC: what is erased comes back from nowhere, and a date may have been mistyped.
     */
    eraseEnded(tx: Tx, certain: number, append: (tx: Tx, event: Event) => unknown): number {
      let count = 0
      for (const { type, days } of folding.kept) {
        for (;;) {
          const before = certain - days * dayMs
          const names = selectEnded.all({ type, before, limit: mostErased }).map((name) => name.toString('base64url'))
          if (names.length === 0) break
          count += names.length
          append(tx, { type: 'journal.private-erased', actor: 'box', data: { names } })
        }
      }
      return count
    },

    /** Erases those of these entries, by an entry for each 300. Answers how many. */
    eraseParts(tx: Tx, rows: readonly number[], append: (tx: Tx, event: Event) => unknown): number {
      const names = rows.flatMap((row) => selectErasable.get({ row })?.toString('base64url') ?? [])
      for (let from = 0; from < names.length; from += mostErased)
        append(tx, {
          ...({ type: 'journal.private-erased', actor: 'box' } as const),
          data: { names: names.slice(from, from + mostErased) },
        })
      return names.length
    },
  }
}

/** Throws AppError `journal.entry-too-large` for an entry that would not pass in one message, with its private part. */
export function assertFits(type: string, data: string, part: SealedPart | undefined): void {
  const file = part?.file.length ?? 0
  if (data.length + file > limits.entryBytes || file > limits.sealedBytes)
    throw new AppError(
      'invalid',
      'journal.entry-too-large',
      `${type}: an entry holds at most ${limits.entryBytes} bytes, its private part ${limits.sealedBytes} of them.`,
    )
}
