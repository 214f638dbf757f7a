import { canonicalJson } from '../../wire/hash.ts'
import { AppError } from '../errors.ts'
import { openFacts } from '../store/facts.ts'
import type { Store, Tx } from '../store/store.ts'
import { createChainIndex } from './chain-index.ts'
import { type Cut, createDivergence } from './divergence.ts'
import type { Folding } from './folding.ts'
import { createHistory, type ReceivedHistory, type ReceivedParts } from './history.ts'
import { createPens } from './pen.ts'
import { createPrivateParts, type Recipients } from './private-parts.ts'
import { createTotals } from './totals.ts'
import { createVerified } from './verified.ts'
import { createWriter, type Hardware } from './writer.ts'

export type { Hardware } from './writer.ts'

export type Journal = ReturnType<typeof createJournal>

type Options = {
  /** To whom private parts are sealed, asked whenever one is. */
  recipients?: () => Promise<Recipients>
  /** Called now and then while much is read. */
  onProgress?: () => void
}

/** The append-only truth of one village. `folding` is what its entries mean here. */
export function createJournal(store: Store, village: string, folding: Folding, options: Options = {}) {
  const { recipients = noRecipients, onProgress = () => {} } = options
  const { db } = store
  const places = createChainIndex(db)
  const privateParts = createPrivateParts(store, folding, recipients)
  const writer = createWriter(store, village, places, folding, privateParts)
  const pasts = createDivergence(db, village, places, writer)
  const totals = createTotals(db, places, writer)
  const history = createHistory(db, village, places, folding, privateParts)
  const verified = createVerified(store, village, places, onProgress)
  const facts = openFacts(db)
  const selectUnfolded = db.prepare<[], { row: number; type: string; reason: string; since: number }>(`
    SELECT row, type, reason, since FROM unfolded JOIN entry USING (row) ORDER BY row LIMIT 50`)
  const selectDamaged = db.prepare<[], { epoch: string; seq: number; type: string; found_at: number }>(`
    SELECT epoch, seq, type, found_at FROM damaged JOIN entry USING (row) ORDER BY row LIMIT 50`)

  const listeners = store.createListeners()
  let toldRow = places.lastRow()
  let shape = 0
  store.onCommit(() => {
    const row = places.lastRow()
    if (row === toldRow) return
    toldRow = row
    listeners.tell()
  })

  /** Changes which epochs there are or where they end, besides appending: whoever keeps a list of them reads it anew. */
  function reshape<T>(work: (tx: Tx) => T): T {
    shape++
    toldRow = -1
    return store.write(work)
  }

  /** Cuts each epoch before its first entry that does not verify (rule 9). */
  function cut(cuts: Cut[]): Cut[] {
    if (cuts.length > 0)
      reshape((tx) => {
        verified.forget()
        pasts.giveUp(tx, cuts, 'damaged')
      })
    return cuts
  }

  function holdNumbers(tx: Tx, why: NumbersHeld): void {
    for (const fact of Object.values(heldFacts)) writer.setFact(tx, fact, why)
  }

  return {
    village,
    /** What a room writes its own events with. */
    pen: createPens(db, places, writer, folding, privateParts),
    head: writer.head,
    ...places,
    /** Another number whenever epochs were begun, learned, cut or lengthened by history: more than appending changed. */
    shape: () => shape,
    /**
     * Keeps one chunk of history with its private parts, and what the caller writes `alongside` each of its epochs, in one
     * transaction. Answers where those epochs end now.
     */
    takeHistory: (
      parts: readonly ReceivedHistory[],
      alongside: (tx: Tx, end: { epoch: string; last: number }) => void,
      received: ReceivedParts = { sealed: {}, opened: new Map() },
    ): { epoch: string; last: number }[] =>
      reshape((tx) =>
        parts.map((part) => {
          const end = { epoch: part.epoch, last: history.takeHistory(tx, part, received) }
          alongside(tx, end)
          return end
        }),
      ),

    /**
     * Begins the journal, or a new epoch when serial or card are others than at the last start, or when it was restored
     * from a backup: then this journal may no longer be the only continuation of its past, and no number is given until
     * the regency's history is in or a person has said the last one. So it is with a box that was enrolled to take
     * another one's place (`reissued`). Refuses a journal of another village.
     */
    open(hardware: Hardware, { reissued = false } = {}): void {
      const known = facts.read('village')
      if (known !== undefined && known !== village) {
        throw new AppError(
          'conflict',
          'journal.other-village',
          `This data folder belongs to village ${known}, the configuration says ${village}. Give the new village a folder of its own.`,
        )
      }
      const identity = canonicalJson(hardware)
      const made = places.currentEpoch() === null
      const restored = facts.read('restored') !== undefined
      const moved = facts.read('hardware') !== identity
      if (!made && !restored && !moved) {
        if (reissued) store.write((tx) => holdNumbers(tx, 'reissued'))
        return
      }
      reshape((tx) => {
        verified.forget()
        writer.setFact(tx, 'village', village)
        writer.setFact(tx, 'hardware', identity)
        if (!made) holdNumbers(tx, restored ? 'restored' : 'hardware')
        else if (reissued) holdNumbers(tx, 'reissued')
        facts.forget('restored')
        writer.beginEpoch(tx, made ? 'made' : restored ? 'restored' : 'hardware')
      })
    },

    /** Another past at the regency (rule 7): what stands behind each cut moves to the current epoch. `begin`: a new one is due anyway. */
    meetOtherPast(cuts: readonly Cut[], { begin }: { begin: boolean }): void {
      const current = places.currentEpoch()
      reshape((tx) => {
        verified.forget()
        if (begin && !cuts.some(({ epoch }) => epoch === current)) writer.beginEpoch(tx, 'other-past')
        pasts.giveUp(tx, cuts, 'other-past')
      })
    },

    /** Verifies every chain from its start and cuts what does not hold, in one piece. Answers what was cut. */
    cutDamage: (): Cut[] => cut(verified.verifyNow({ fromKnown: false })),
    /** The same for what has been written since it was last found sound. */
    cutDamageAtStart: (): Cut[] => cut(verified.verifyNow({ fromKnown: true })),
    /** Every chain from its start, in slices; nothing is cut. */
    verifySlowly: verified.verifySlowly,
    /** The same for whoever has another way to wait between two slices. */
    verifyInSlices: verified.verifyInSlices,
    stopVerifying: verified.stop,
    beginRun: verified.begin,
    wasCutShort: verified.wasCutShort,
    endRun: verified.end,

    /** Seals anew what was sealed to other keys than those that count now. Answers how much. */
    sealBytes: privateParts.sealBytes,
    sealAnew: privateParts.sealAnew,
    countClosed: privateParts.countClosed,
    sampleClosed: privateParts.sampleClosed,
    /** Opens the private parts that came sealed. */
    openAll: privateParts.openAll,
    closeDamaged: privateParts.closeDamaged,
    /** Erases the private parts whose days are over. Answers how many. */
    eraseEnded: (tx: Tx, certain: number): number => privateParts.eraseEnded(tx, certain, writer.append),
    /** Erases the private parts of these entries, here and at the regency, before their days are over. Answers how many. */
    eraseParts: (tx: Tx, rows: readonly number[]): number => privateParts.eraseParts(tx, rows, writer.append),
    /** Whether parts were opened after their entries had been folded: the tables lack them until a `refold`. */
    isRefoldDue: (): boolean => facts.read('refold') !== undefined,
    refoldDone: (_tx: Tx) => facts.forget('refold'),

    /** Counts by type what this box wrote since the last count, for the regency to count again (rule 15). */
    totalDay: (tx: Tx) => totals.totalDay(tx),

    /** Why no number may be given now, or null (rules 10 and 12). */
    numbersHeld(of: HeldNumbers = 'tickets'): NumbersHeld | null {
      const why = facts.read('not-owner') === undefined ? facts.read(heldFacts[of]) : 'not-owner'
      return (why as NumbersHeld | undefined) ?? null
    },
    /** A person said the last number of these, or, of all, the regency's history is in: they may be given. */
    releaseNumbers(_tx: Tx, of: readonly HeldNumbers[] = ['tickets', 'letters']): void {
      for (const one of of) facts.forget(heldFacts[one])
    },
    /** Whether the regency names another box as this village's. */
    setForeignOwner(foreign: boolean): void {
      if (foreign === (facts.read('not-owner') !== undefined)) return
      store.write((tx) => (foreign ? writer.setFact(tx, 'not-owner', 'not-owner') : facts.forget('not-owner')))
    },

    /** Entries that no longer verify, oldest first, fifty at most. */
    damaged: () => selectDamaged.all(),
    /** History that could not be folded, oldest first, fifty at most. */
    unfolded: () => selectUnfolded.all(),

    /** Calls `listener` after each commit that added rows or places. It says nothing more: whoever listens reads on by itself. */
    onRing: listeners.add,

    /** The newest time that a source had said, and not a person: while the clock is doubtful, time never reads earlier. */
    trustedUntil: () => places.newestSynced(),
  }
}

const noRecipients = () => Promise.reject(new AppError('internal', 'internal', 'This journal seals to nobody.'))

/** Held apart: whoever knows the last ticket on paper does not know the last letter. */
const heldFacts = { tickets: 'numbers-held', letters: 'letters-held' } as const
export type HeldNumbers = keyof typeof heldFacts

export type NumbersHeld = 'restored' | 'hardware' | 'reissued' | 'not-owner'
