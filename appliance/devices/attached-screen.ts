import { existsSync, readFileSync, statSync } from 'node:fs'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../base/errors.ts'
import { writeShared } from '../base/store/shared-file.ts'
import type { AttachedScreen, AttachedScreenView } from './views.ts'

/*
 * What the screen at the machine itself shows. Box and system meet in files, as they do for the network: the box writes
 * what it asks for, and /usr/lib/balai/attached-screen, started by systemd as root, makes the screen's settings of it.
 */

/** What only a machine has: a test brings its own. */
export type ScreenMachine = {
  /** By which balai-screen.service starts. */
  settings: string
  /** What shows one program and nothing else. */
  compositor: string
  memoryBytes: number
}

const ours: ScreenMachine = {
  settings: '/etc/balai/screen',
  compositor: '/usr/bin/cage',
  memoryBytes: totalmem(),
}

/** As install.sh asks. */
const leastMemory = 850_000 * 1024

export type AttachedScreens = ReturnType<typeof createAttachedScreen>

export function createAttachedScreen(data: string, machine: ScreenMachine = ours) {
  const wish = join(data, 'attached-screen')

  function view(): AttachedScreenView {
    const possible = !existsSync(machine.compositor)
      ? 'no-browser'
      : machine.memoryBytes < leastMemory
        ? 'memory'
        : 'yes'
    return { possible, ...(newest(wish, machine.settings) ?? { page: 'none', turned: 0 }) }
  }

  return {
    view,
    /** Throws `screen.not-here` where the machine cannot show it. */
    set({ page, turned }: AttachedScreen): void {
      if (page !== 'none' && view().possible !== 'yes')
        throw new AppError('unavailable', 'screen.not-here', 'This machine cannot show pages on a screen of its own.')
      writeShared(wish, `BALAI_PAGE=${page}\nBALAI_ROTATE=${turned === 0 ? 'normal' : turned}\n`, 0o600)
    },
  }
}

/** Whoever spoke last: the page here, or install.sh on the machine. */
function newest(...paths: readonly string[]): AttachedScreen | null {
  const found = paths.filter((path) => existsSync(path)).sort((one, other) => written(other) - written(one))[0]
  if (found === undefined) return null
  const text = readFileSync(found, 'utf8')
  const page = /^BALAI_PAGE=(none|kiosk|display)$/m.exec(text)?.[1] as AttachedScreen['page'] | undefined
  const turned = Number(/^BALAI_ROTATE=(90|180|270)$/m.exec(text)?.[1] ?? 0) as AttachedScreen['turned']
  return { page: page ?? 'none', turned }
}

const written = (path: string): number => statSync(path).mtimeMs
