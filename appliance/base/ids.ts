import { randomBytes, randomFillSync, randomInt } from 'node:crypto'

const idBytes = 9
/** Drawn for many ids at once: asking the system for nine bytes costs more than using them. */
const drawn = Buffer.alloc(256 * idBytes)
let used = drawn.length

/** Twelve random base64url characters (72 bits): ids of tickets, services, accounts, epochs, and keys of commands. */
export function newId(): string {
  if (used === drawn.length) {
    randomFillSync(drawn)
    used = 0
  }
  used += idBytes
  return drawn.toString('base64url', used - idBytes, used)
}

/** Sixteen random base64url characters: a relay session. Never a counter: a restored box must not take an old answer for its own. */
export const newSession = (): string => randomBytes(12).toString('base64url')

/**
 * A code of so many digits that nobody holds, or null when all of them are taken. It begins at a random one and walks
 * on to the first that is free: as many steps as there are codes at most, however many are taken.
 */
export function freeCode(
  digits: number,
  isTaken: (code: string) => boolean,
  random: (below: number) => number = randomInt,
): string | null {
  const count = 10 ** digits
  const first = random(count)
  for (let step = 0; step < count; step++) {
    const code = String((first + step) % count).padStart(digits, '0')
    if (!isTaken(code)) return code
  }
  return null
}
