import { setImmediate as immediate } from 'node:timers/promises'

/** Above this, messages are dropped before they are read. */
const mostWaitingBytes = 128 * 1024 * 1024
const mostWaiting = 20_000
/** Of one village: a box has eight batches on the way at most, a hello, and a few wants. */
const mostWaitingOfOne = 64
/** Of one turn: another message joins while those before it hold less. A box's full batch holds a ninth of it. */
const turnBytes = 1024 * 1024
const turnMessages = 8

/** What messages of one turn have in common, and the bytes that one of them holds now that it is prepared. */
export type Share = { with: string; bytes: number }

/** A message that waits. `prepare` is what needs no database; it may be called early, and often. Null: it shares its turn with none. */
export type Waiting = { bytes: number; prepare: () => Share | null }

/**
 * Lets the messages of one village take turns, and those of `atOnce` villages run side by side. While a turn waits for
 * the database the next one of its village is prepared; the others stay as small as they came. What then lies prepared
 * and has one `with` is one turn, as long as it holds little. Villages are served round and round, so that one with a
 * long backlog does not keep the others waiting; and after each turn whatever else the process has to do comes first,
 * since a message that is refused unread waits for nothing by itself. `takeTurn` must not throw.
 */
export function createVillageQueues<T extends Waiting>(
  atOnce: number,
  takeTurn: (village: string, turn: readonly T[]) => Promise<void>,
) {
  const lines = new Map<string, T[]>()
  const running = new Set<string>()
  const ready: string[] = []
  let waiting = 0
  let waitingBytes = 0
  let rest: (() => void)[] = []

  function enter(village: string, message: T): void {
    waiting++
    waitingBytes += message.bytes
    const line = lines.get(village)
    if (line) {
      line.push(message)
      if (running.has(village)) prepareTurn(line)
      return
    }
    lines.set(village, [message])
    ready.push(village)
    start()
  }

  function start(): void {
    while (running.size < atOnce) {
      const village = ready.shift()
      if (village === undefined) break
      void run(village)
    }
    if (running.size === 0 && waiting === 0) {
      for (const wake of rest) wake()
      rest = []
    }
  }

  async function run(village: string): Promise<void> {
    running.add(village)
    const line = lines.get(village) ?? []
    const turn = line.splice(0, prepareTurn(line))
    const done = takeTurn(village, turn)
    prepareTurn(line)
    await done
    await immediate()
    waiting -= turn.length
    for (const { bytes } of turn) waitingBytes -= bytes
    running.delete(village)
    if (line.length > 0) ready.push(village)
    else lines.delete(village)
    start()
  }

  return {
    enter,
    waiting: () => waiting,
    waitingBytes: () => waitingBytes,
    /** Whether a message of this village would be one too many. */
    isFull: (village: string) =>
      waiting >= mostWaiting ||
      waitingBytes >= mostWaitingBytes ||
      (lines.get(village)?.length ?? 0) >= mostWaitingOfOne,
    /** Resolves when nothing waits or runs. */
    settle: () =>
      new Promise<void>((resolve) => {
        if (waiting === 0) resolve()
        else rest.push(resolve)
      }),
  }
}

/** Prepares what is a line's next turn, and answers how many messages that are. */
function prepareTurn(line: readonly Waiting[]): number {
  const [first, ...behind] = line.slice(0, turnMessages)
  if (!first) return 0
  const share = prepareQuietly(first)
  let messages = 1
  let bytes = share?.bytes ?? turnBytes
  for (const message of behind) {
    if (bytes >= turnBytes) break
    const next = prepareQuietly(message)
    if (next?.with !== share?.with) break
    bytes += next?.bytes ?? 0
    messages++
  }
  return messages
}

/** What is wrong with a message is said when its turn comes. */
function prepareQuietly(message: Waiting): Share | null {
  try {
    return message.prepare()
  } catch {
    return null
  }
}
