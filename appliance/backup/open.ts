import type { Base } from '../base/rooms/base.ts'
import { createNightly } from './nightly.ts'
import { openRecovery } from './recovery.ts'

type Given = {
  /** Whose recovery pair backups are sealed to; null: the box makes one at its first start. */
  recovery: string | null
  stickFolder: string
  /** Cuts what does not verify. */
  cutDamage: () => void
}

/** The night's work. */
export async function openBackup(base: Base, { recovery, stickFolder, cutDamage }: Given) {
  const { data: dataFolder, store, journal, clock, alarms, zone, log } = base
  const recipient = async () => (await openRecovery(dataFolder, recovery)).recipient
  await recipient()
  return createNightly({
    store,
    journal,
    clock,
    alarms,
    zone,
    dataFolder,
    stickFolder,
    recipient,
    cutDamage,
    log,
  })
}
