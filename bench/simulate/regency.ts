import type { KeyObject } from 'node:crypto'
import type { CommandType } from '../../appliance/wire/commands.ts'
import type { DatasetName } from '../../appliance/wire/datasets.ts'
import { nextSettingVersion } from '../../regency/commands/giving.ts'
import { packCommand } from '../../regency/commands/sending.ts'
import { packManifest } from '../../regency/datasets/offers.ts'
import { packDataset } from '../../regency/datasets/publishing.ts'
import type { DownTables } from './down-tables.ts'
import type { World } from './world.ts'

export type Regency = ReturnType<typeof createRegency>

/** What people of one regency give a village, and how it gets there: the little that is left of regency/base/news.ts. */
export function createRegency({
  world,
  village,
  now,
  hubKey,
  send,
  tables,
}: {
  world: World
  village: string
  now: () => number
  hubKey: KeyObject
  send: (kind: 'data' | 'command', payload: Buffer) => void
  tables: () => DownTables
}) {
  let ids = 0

  function offer(): void {
    const offers = tables().offers()
    if (offers.length > 0) send('data', packManifest(hubKey, village, offers))
  }
  function sendCommands(): void {
    for (const command of tables().open(now())) send('command', packCommand(hubKey, village, command))
  }
  /** The look of a hub that runs, at most five seconds later. */
  const soon = (work: () => void) => void world.after(world.random.between(0, 5_000), work)
  const nextVersion = (dataset: string): number =>
    Math.max(tables().newest(dataset)[0]?.version ?? 0, tables().heard(dataset)) + 1

  return {
    now,
    /** A command's id: like `newId`, from the seed. */
    newId: (): string => `cmd${String(++ids).padStart(9, '0')}`,
    greet(): void {
      offer()
      sendCommands()
    },
    /** Entries came: they are folded a moment later. */
    noteTaken: () => void world.after(world.random.between(0, 2_000), () => tables().fold()),
    /** `sum`: another than the file has. */
    publish(dataset: DatasetName, content: unknown, sum?: string) {
      const { file, sha256 } = packDataset(content)
      const version = nextVersion(dataset)
      tables().publish({ dataset, version, at: now(), file, sha256: sum ?? sha256 })
      soon(offer)
      return { dataset, version, sha256 }
    },
    /** The version before the newest once more, as a new one; null where there is none. */
    takeBack(dataset: DatasetName) {
      const [newest, before] = tables().newest(dataset)
      if (!newest || !before) return null
      const version = nextVersion(dataset)
      tables().publish({ ...before, dataset, version, at: now() })
      soon(offer)
      return { dataset, version, of: before.version }
    },
    give(id: string, type: CommandType, data: Record<string, unknown>, expiresMs: number) {
      const whole = type === 'set' ? { ...data, version: nextSettingVersion(now(), tables().newestSetting()) } : data
      const command = { id, type, data: whole, expires: now() + expiresMs }
      tables().give(command)
      soon(sendCommands)
      return command
    },
  }
}
