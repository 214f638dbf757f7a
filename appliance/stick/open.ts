import type { Base } from '../base/rooms/base.ts'
import type { Relay } from '../relay/relay.ts'
import { stickRoutes } from './routes.ts'
import { createStick } from './stick.ts'

/** The road of a village without a line. `onTaken`: a receipt has come in. */
export function openStick(
  base: Base,
  { relay }: { relay: Relay },
  given: { name: string; box: string; stickFolder: string; onTaken: () => void },
) {
  const stick = createStick(base, { relay }, given)
  stickRoutes(base.app, stick)
  return stick
}
