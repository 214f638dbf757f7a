import type { RollCall } from '../../appliance/wire/messages.ts'

const everyMs = 5 * 60_000

/** The boxes say hello within this time, 100 ms for each, so that a whole regency does not come at once (F34). */
const spreadFor = (villages: number): number => Math.min(60_000, Math.max(500, villages * 100))

/**
 * Calls the roll: every five minutes those boxes whose last answered hello is old; `callAll` every box, whenever the hub
 * begins to listen and whenever PostgreSQL may have gone back in time (F21).
 */
export function startRollCall({
  hub,
  villages,
  call,
}: {
  hub: string
  villages: () => number
  call: (message: RollCall) => void
}) {
  const timer = setInterval(() => call({ hub, spread: 60_000, all: false }), everyMs)
  return {
    callAll: () => call({ hub, spread: spreadFor(villages()), all: true }),
    stop: () => clearInterval(timer),
  }
}
