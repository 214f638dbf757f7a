import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyBaseLogger } from 'fastify'
import type { Alarms } from '../base/alarms.ts'
import { newId } from '../base/ids.ts'
import { assertRoomToSpare } from '../base/store/disk-space.ts'
import type { Store } from '../base/store/store.ts'
import type { Datasets } from '../datasets/datasets.ts'
import { openResidents, UnopenedError } from '../wire/sealed-residents.ts'
import type { Imports } from './imports.ts'
import { mostBytes } from './upload.ts'

type Parts = {
  datasets: Pick<Datasets, 'held' | 'settle'>
  imports: Pick<Imports, 'mayTakeSent' | 'takeSent' | 'sentWaits'>
  store: Store
  alarms: Alarms
  log: Pick<FastifyBaseLogger, 'error'>
  /** Ten digits: what is another village's is not read. */
  village: string
  /** Opens what is sealed to this box: `AGE-SECRET-KEY-1…`. */
  secret: () => string
  /** Where it lies in clear while it is read. */
  folder: string
}

/**
 * SYNC-021: opens what the regency sent of the village's residents, and has it read as a file that a person brings. It stays
 * sealed until there is room for it: a file that somebody has brought comes first.
 */
export function createFromRegency({ datasets, imports, store, alarms, log, village, secret, folder }: Parts) {
  let turn: Promise<void> = Promise.resolve()
  let isLooking = false
  /** A full disk is found at every look, and said once. */
  let said: string | null = null

  /** One after the other, each once: one whose disk failed waits for the next look. */
  async function takeHeld(): Promise<void> {
    for (let last = 0; imports.mayTakeSent(); ) {
      const held = datasets.held('residents')
      if (!held || held.version === last) return
      last = held.version
      await takeOne(held)
    }
  }

  async function takeOne({ version, content }: NonNullable<ReturnType<typeof datasets.held<'residents'>>>) {
    assertRoomToSpare(store.diskSpace())
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const path = join(folder, newId())
    const settle = (tx: Parameters<typeof datasets.settle>[0], why: 'sealed' | 'unreadable' | null) =>
      datasets.settle(tx, 'residents', version, why)
    try {
      const sealed = Buffer.from(content.sealed, 'base64')
      const head = await openResidents(sealed, { secret: secret(), village, path, mostBytes })
      await imports.takeSent({ ...head, path, settle })
    } catch (error) {
      if (!(error instanceof UnopenedError)) throw error
      const { why } = error
      store.write((tx) => settle(tx, why))
    } finally {
      rmSync(path, { force: true })
    }
  }

  const watch = () => alarms.set('imports.sent-waits', imports.sentWaits(), 'warning')

  return {
    watch,
    /** Begins what can be begun; whoever wants to know when it is done awaits `whenLooked`. */
    look(): void {
      if (isLooking) return
      isLooking = true
      turn = takeHeld()
        .then(() => {
          said = null
        })
        .catch(({ name, code = name }: Error & { code?: string }) => {
          if (said !== code) log.error({ fault: name, code }, 'what the regency sent could not be taken; tried again')
          said = code
        })
        .finally(() => {
          isLooking = false
          watch()
        })
    },
    whenLooked: (): Promise<void> => turn,
  }
}
