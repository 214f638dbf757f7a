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
  const recipient = async () => (await openRecovery(base.data, recovery)).recipient
  await recipient()
  return createNightly({ ...base, dataFolder: base.data, stickFolder, recipient, cutDamage })
}
