import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { join } from 'node:path'
import { AppError } from '../../appliance/base/errors.ts'
import { newId } from '../../appliance/base/ids.ts'
import { dayMs } from '../../appliance/base/time.ts'
import { readPrivateKey } from '../../appliance/wire/sign.ts'
import { signOrder, type WipeOrder } from '../../appliance/wire/wipe-order.ts'
import type { Doer } from '../../regency/base/audit.ts'
import { readHubConfig } from '../../regency/base/config.ts'
import { withDatabase } from '../../regency/base/with-database.ts'
import { giveWipe } from '../../regency/commands/giving.ts'
import { listBoxes } from '../../regency/delivery/box-ownership.ts'
import type { Fleet } from './fleet.ts'
import { openSecret } from './secret-file.ts'

/*
 * `wipe.key` in the fleet folder: by it the regency orders that a stolen box erases itself. It never goes to a hub, whose
 * own key so never wipes a box; boxes learn its public half by their enrolment file.
 */

/** The regency's key for such orders; made at the first asking, also in a folder that is older than it. */
export const openWipeKey = (folder: string): KeyObject =>
  openSecret(
    join(folder, 'wipe.key'),
    () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    readPrivateKey,
  )

/** An order for one box, good for so many days from `now` (ms since 1970 UTC). */
export const makeWipeOrder = (
  { folder }: Fleet,
  { village, box, days, now }: { village: string; box: string; days: number; now: number },
): WipeOrder => signOrder(openWipeKey(folder), { village, box, id: newId(), at: now, expires: now + days * dayMs })

/**
 * Puts an order among the hub's commands. False where fleet.toml names no `hub_config`. Throws `hub.box-unknown` for a box
 * that never said hello for this village.
 */
export async function sendWipeOrder({ settings }: Fleet, order: WipeOrder, now: number, by: Doer): Promise<boolean> {
  if (settings.hub_config === undefined) return false
  const { postgres } = readHubConfig(settings.hub_config)
  return await withDatabase(postgres.url, async (database) => {
    const known = (await listBoxes(database, order.village)).map(({ box }) => box)
    if (!known.includes(order.box))
      throw new AppError(
        'not-found',
        'hub.box-unknown',
        `Box ${order.box} never said hello for ${order.village}. Those that did: ${known.join(', ') || 'none'}`,
      )
    await database.inTransaction((client) => giveWipe(client, { order, now }, by))
    return true
  })
}
