import { type KeyObject, sign, verify } from 'node:crypto'
import { type Static, Type } from 'typebox'
import { canonicalJson } from './hash.ts'
import { Box, Epoch } from './messages.ts'
import { readPublicKey } from './sign.ts'
import { villagePattern } from './topics.ts'

/*
 * The order by which a stolen box erases itself, signed by a key of the regency that no hub has: whoever has the hub
 * cannot wipe a box. It goes to the box as the data of a command, which the hub signs besides.
 */

/** Of one box of one village. `id` is the command's as well, so that an order is good for one command. Times in ms since 1970 UTC. */
export const WipeOrder = Type.Object({
  village: Type.String({ pattern: villagePattern }),
  box: Box,
  id: Epoch,
  at: Type.Integer(),
  expires: Type.Integer(),
  sig: Type.String({ pattern: '^[A-Za-z0-9_-]{86}$', description: 'Ed25519 by the key for wipe orders' }),
})
export type WipeOrder = Static<typeof WipeOrder>

/** With a word of its own in front: no signature for something else is one for this. */
const bytesOf = ({ village, box, id, at, expires }: Omit<WipeOrder, 'sig'>): Buffer =>
  Buffer.from(`balai wipe ${canonicalJson({ village, box, id, at, expires })}`)

export const signOrder = (key: KeyObject, order: Omit<WipeOrder, 'sig'>): WipeOrder => ({
  ...order,
  sig: sign(null, bytesOf(order), key).toString('base64url'),
})

export type OrderFault = 'no-key' | 'signature' | 'village' | 'box' | 'repeated' | 'expired'

/**
 * Why a box does not carry an order out; null: it has to. `wipeKey`: the regency's public key for such orders, raw,
 * base64url; null: nobody has ever told it. `command`: the id of the command that brought the order.
 */
export function findOrderFault(
  order: WipeOrder,
  {
    wipeKey,
    village,
    box,
    command,
    now,
  }: { wipeKey: string | null; village: string; box: string; command: string; now: number },
): OrderFault | null {
  if (wipeKey === null) return 'no-key'
  if (!verify(null, bytesOf(order), readPublicKey(wipeKey), Buffer.from(order.sig, 'base64url'))) return 'signature'
  if (order.village !== village) return 'village'
  if (order.box !== box) return 'box'
  if (order.id !== command) return 'repeated'
  return order.expires <= now ? 'expired' : null
}
