import { AppError } from '../errors.ts'
import { openFacts } from '../store/facts.ts'
import type { Store } from '../store/store.ts'
import type { createChainIndex } from './chain-index.ts'
import { type SoundPlace, verifyEpoch, verifySteps } from './verify.ts'

/** So many entries are read in one piece while the box serves people: 10 ms on a PC, 40 on a small box. */
const slice = 200

/**
 * Up to where each chain has been computed from its start and found sound, kept as a fact: a start computes only what
 * stands behind it, the night everything. It counts only while the hash there is the same; another past, a cut, a restore
 * and another card or machine take it away (`forget`). An entry damaged behind a start's back leaves the box in no case:
 * what is sent is computed again.
 */
export function createVerified(
  store: Store,
  village: string,
  places: ReturnType<typeof createChainIndex>,
  onProgress: () => void,
) {
  const facts = openFacts(store.db)
  let wanted = true
  let cutShort = false

  /** What was noted and whose hash still stands there. A note that is damaged is none. */
  function known(): Map<string, SoundPlace> {
    try {
      const noted = JSON.parse(facts.read('verified') ?? '[]') as [string, number, string][]
      const read = noted.map(([epoch, seq, hash]) => [epoch, { seq, hash: Buffer.from(hash, 'base64url') }] as const)
      return new Map(read.filter(([epoch, { seq, hash }]) => places.hashAt(epoch, seq)?.equals(hash)))
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof TypeError) return new Map()
      throw error
    }
  }

  /** On a disk that takes nothing the next start reads more. */
  function keep(sound: ReadonlyMap<string, SoundPlace>): void {
    const rows = [...sound].flatMap(([epoch, { seq, hash }]) =>
      seq > 0 ? [[epoch, seq, hash.toString('base64url')]] : [],
    )
    note(() => facts.write('verified', JSON.stringify(rows)))
  }

  function note(write: () => void): void {
    try {
      store.write(write)
    } catch (error) {
      if (!(error instanceof AppError && error.kind === 'unavailable')) throw error
    }
  }

  /** All of it from the start, a slice at each step: whoever drives it says what happens between two of them. */
  function* verifyInSlices(): Generator<void, 'sound' | 'broken'> {
    const sound = new Map<string, SoundPlace>()
    for (const epoch of places.epochs()) {
      const { count, hash, broken } = yield* verifySteps(village, epoch, places, { pageSize: slice })
      if (broken) return 'broken'
      sound.set(epoch, { seq: count, hash })
    }
    keep(sound)
    return 'sound'
  }

  return {
    verifyInSlices,

    /** Each epoch in one piece: from what is known to be sound, or from its start. Answers where the first one breaks. */
    verifyNow({ fromKnown }: { fromKnown: boolean }): { epoch: string; upTo: number }[] {
      const sound = fromKnown ? known() : new Map<string, SoundPlace>()
      const found = new Map(
        places.epochs().map((epoch) => [epoch, verifyEpoch(village, epoch, places, onProgress, sound.get(epoch))]),
      )
      const broken = [...found].flatMap(([epoch, { count, broken }]) => (broken ? [{ epoch, upTo: count }] : []))
      if (broken.length === 0)
        keep(new Map([...found].map(([epoch, { count, hash }]) => [epoch, { seq: count, hash }])))
      return broken
    },

    /**
     * All of it from the start, giving way to whoever waits after each slice. `given-up`: `stop` was called meanwhile.
     */
    async verifySlowly(): Promise<'sound' | 'broken' | 'given-up'> {
      const slices = verifyInSlices()
      for (let step = slices.next(); ; step = slices.next()) {
        if (step.done) return step.value
        await new Promise((resolve) => setImmediate(resolve))
        if (!wanted) return 'given-up'
      }
    },

    stop(): void {
      wanted = false
    },

    /** In the caller's transaction. */
    forget: () => facts.forget('verified'),

    /** Notes that the box runs, and whether the run before was cut short, by a power cut or a crash. */
    begin(): void {
      cutShort = facts.read('running') !== undefined
      note(() => facts.write('running', '1'))
    },
    /** Whether the run before was cut short: a card may have lost then what was written long ago. */
    wasCutShort: () => cutShort,
    /** The box was closed as it should be. */
    end: () => note(() => facts.forget('running')),
  }
}
