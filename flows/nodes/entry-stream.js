import { LinkError } from './link.js'

/*
 * Reads a box's entries for one node, for ever: connects again after every fault, asks for the next entry only when this
 * one was handed out and noted. The box keeps the place, so a restart of either side loses nothing; an entry whose note
 * got lost comes a second time.
 */

/** The box writes a line each 10 s at least. */
const silenceMs = 30_000
const shortestWaitMs = 1_000
const longestWaitMs = 30_000
const longestLine = 1_000_000

/**
 * @typedef {{ type: string, at: number, clock: string, actor: string, key: string | null, name: string, data: unknown }} Entry
 * @typedef {{
 *   link: import('./link.js').Link, reader: string, types: string,
 *   take: (entry: Entry, n: number) => Promise<void>,
 *   onOpen: (moved: boolean) => void, onTrouble: (error: unknown) => void,
 *   random?: () => number, silence?: number
 * }} Options
 */

/** @param {Options} options */
export function startEntryStream({
  link,
  reader,
  types,
  take,
  onOpen,
  onTrouble,
  random = Math.random,
  silence = silenceMs,
}) {
  const stopping = new AbortController()
  const { signal } = stopping
  let failures = 0

  const run = async () => {
    while (!signal.aborted) {
      try {
        await readOnce()
      } catch (error) {
        if (!signal.aborted) onTrouble(error)
      }
      if (!signal.aborted) await sleep(backOff(failures, random), signal)
      failures += 1
    }
  }

  const readOnce = async () => {
    const query = types ? `?types=${encodeURIComponent(types)}` : ''
    const response = await link.open(`/api/flows/entries/${encodeURIComponent(reader)}${query}`, reader)
    const leave = () => response.destroy()
    signal.addEventListener('abort', leave)
    try {
      await readLines(linesOf(response, silence))
    } finally {
      signal.removeEventListener('abort', leave)
      leave()
    }
  }

  /** @param {AsyncGenerator<string>} lines */
  const readLines = async (lines) => {
    let journal = ''
    for await (const line of lines) {
      if (signal.aborted) return
      if (line === '') continue
      const said = JSON.parse(line)
      if (journal === '') {
        journal = String(said.journal)
        failures = 0
        onOpen(said.moved === true)
        continue
      }
      if (said.entry) await take(said.entry, said.n)
      if (signal.aborted) return
      await link.ask('POST', `/api/flows/seen/${encodeURIComponent(reader)}`, reader, { journal, n: said.n })
    }
    throw new LinkError('', { code: 'ended' })
  }

  const ended = run()
  return {
    /** Resolves when nothing of it runs any more. */
    async stop() {
      stopping.abort()
      await ended
    },
  }
}

/** 1 s, doubled to 30 s, half of it by chance: boxes and nodes do not come back all at once. */
export function backOff(/** @type {number} */ failures, /** @type {() => number} */ random) {
  const full = Math.min(longestWaitMs, shortestWaitMs * 2 ** failures)
  return full / 2 + (full / 2) * random()
}

/**
 * Lines of an answer; throws when none comes for a while. The time in which somebody works on a line does not count.
 * @param {import('node:http').IncomingMessage} response @param {number} silence ms
 */
async function* linesOf(response, silence) {
  response.setEncoding('utf8')
  let rest = ''
  const tooQuiet = () => response.destroy(new LinkError('', { code: 'silent' }))
  let timer = setTimeout(tooQuiet, silence)
  try {
    for await (const part of response) {
      clearTimeout(timer)
      const pieces = (rest + part).split('\n')
      rest = pieces.pop() ?? ''
      if (rest.length > longestLine) throw new LinkError('', { code: 'too-long' })
      yield* pieces
      timer = setTimeout(tooQuiet, silence)
    }
  } finally {
    clearTimeout(timer)
  }
}

/** @param {number} ms @param {AbortSignal} signal @returns {Promise<void>} */
const sleep = (ms, signal) =>
  new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
