import { readFileSync, rmSync } from 'node:fs'
import { startThread } from '../../base/program-files.ts'

/** Silent for so long, a flow goes round in a circle. */
const silentS = 5
/** Below the unit's MemoryMax, so that the guard's word comes first. */
const mostBytes = 220 * 2 ** 20
const beatMs = 500

/** Watches this process from a thread of its own; `endedFile` tells the next start why this one was ended. */
export function startGuard(endedFile: string): void {
  const shared = new SharedArrayBuffer(4)
  const beats = new Int32Array(shared)
  setInterval(() => Atomics.add(beats, 0, 1), beatMs)
  startThread('flowsGuard', {
    workerData: { shared, silentS, mostBytes, endedFile },
    resourceLimits: { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 16 },
  }).unref()
}

/** Why the last process ended, said once; null: its guard did not end it. */
export function readEnded(endedFile: string): 'silent' | 'memory' | null {
  try {
    const why = readFileSync(endedFile, 'utf8')
    rmSync(endedFile)
    return why === 'silent' || why === 'memory' ? why : null
  } catch {
    return null
  }
}
