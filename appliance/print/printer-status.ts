/** What is known of a printer. `unknown`: it was not reached yet, or it does not answer questions about itself. */
export type Condition = {
  state: 'ready' | 'paper-out' | 'offline' | 'unknown'
  /** Why, when it is offline; `paper-low`, when it is ready and its roll ends soon. */
  reason: 'no-connection' | 'cover-open' | 'error' | 'refused' | 'paper-low' | null
}

export const ready: Condition = { state: 'ready', reason: null }
export const paperLow: Condition = { state: 'ready', reason: 'paper-low' }
export const unknown: Condition = { state: 'unknown', reason: null }
export const paperOut: Condition = { state: 'paper-out', reason: null }
export const unreachable: Condition = { state: 'offline', reason: 'no-connection' }
/** What stands there is no printer that may be opened. */
export const refused: Condition = { state: 'offline', reason: 'refused' }
export const broken: Condition = { state: 'offline', reason: 'error' }

/** DLE EOT n, answered with one byte even while the printer is offline or busy. 2: why offline; 4: paper sensors. */
export const askStatus = (n: 2 | 4): Buffer => Buffer.from([0x10, 0x04, n])

/** Bits 1 and 4 of an answer to DLE EOT are set, bits 0 and 7 are not; other bytes are no answer. */
export const isStatus = (byte: number): boolean => (byte & 0b1001_0011) === 0b0001_0010

/** Reads the answers to DLE EOT 4 and DLE EOT 2 (Epson ESC/POS). */
export function readStatus(paper: number, cause: number): Condition {
  if ((paper & 0b0110_0000) !== 0 || (cause & 0b0010_0000) !== 0) return paperOut
  if ((cause & 0b0000_0100) !== 0) return { state: 'offline', reason: 'cover-open' }
  if ((cause & 0b0100_0000) !== 0) return broken
  // The near-end sensor, where a printer has one.
  return (paper & 0b0000_1100) === 0 ? ready : paperLow
}
