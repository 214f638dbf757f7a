import type { Base } from '../base/rooms/base.ts'
import { createFromRegency } from './from-regency.ts'
import { createNightly } from './nightly.ts'
import { openRecovery } from './recovery.ts'
import { fromRegencyRoutes } from './routes.ts'

type Given = {
  fromRegency: Pick<Parameters<typeof createFromRegency>[0], 'history' | 'reopen'>
  /** Whose recovery pair backups are sealed to; null: the box makes one at its first start. */
  recovery: string | null
  stickFolder: string
  /** Cuts what does not verify. */
  cutDamage: () => void
}

/** The night's work, and what comes back sealed from the regency. */
export async function openBackup(base: Base, { recovery, stickFolder, cutDamage, fromRegency }: Given) {
  const { data, app, journal, live, log, onClose } = base
  const recipient = async () => (await openRecovery(data, recovery)).recipient
  await recipient()
  const count = await journal.sealAnew()
  if (count > 0) log.info({ count }, 'private parts were sealed to the keys that count now')
  const parts = createFromRegency({ ...base, ...fromRegency, recipient: recovery, onChange: live.changed })
  onClose(parts.giveUp)
  fromRegencyRoutes(app, parts)
  return {
    nightly: createNightly({ ...base, dataFolder: data, stickFolder, recipient, cutDamage }),
    fromRegency: parts,
  }
}
