import type { FastifyBaseLogger } from 'fastify'
import type { LastWord } from './base/broker/last-word.ts'
import type { SystemClock } from './base/clock.ts'
import type { Hardware } from './base/journal/journal.ts'
import type { LogLine } from './base/log-lines.ts'
import type { Room } from './base/rooms/room.ts'
import type { ScreenMachine } from './devices/attached-screen.ts'
import type { FileTrouble } from './enrolment/find-file.ts'
import type { PinCost } from './people/pin.ts'
import type { Machine } from './updates/machine.ts'

/** Where a box stands; what is left out is the machine's own. */
export type BoxSurroundings = {
  log: FastifyBaseLogger
  /** The newest warnings and errors, also of before this start, oldest first. */
  keptLog?: () => readonly LogLine[]
  /** A test's clock; the machine's own otherwise. */
  system?: SystemClock
  hardware?: Hardware
  /** What the machine is called; a test's own, as four programs are run to ask where the kernel has no file for it. */
  model?: string
  /** Which rooms fold entries; a test's own besides. */
  rooms?: readonly Room[]
  /** What hashing a PIN costs; a test's own, of which there are thousands. */
  pinCost?: PinCost
  /** Where systemd’s side says how a change of the network goes; a test’s folder. */
  networkFolder?: string
  /** What runs, who reads bundles and where systemd’s side says how an update goes; a test’s own. */
  machine?: Partial<Machine>
  /** The box’s address in its own Wi-Fi, and what visitors get there; a test’s own. */
  visitors?: { address: string; url: string }
  /** The kernel's table of network neighbours; a test's own. */
  arpFile?: string
  /** What shows pages on the machine itself; a test's own. */
  screen?: ScreenMachine
  /** Where the enrolment file was found that this start took. */
  enrolmentPath?: string | null
  /** Why the enrolment file that lies there was not taken. */
  fileTrouble?: FileTrouble | null
  /** The journal that this office had under its old code. */
  oldJournal?: string | null
  /** Called while work goes on that takes long in one piece, for who watches over the process. */
  onProgress?: () => void
  /** The demo: a port that is taken is replaced by a free one. */
  otherPorts?: boolean
  /** Who runs the process of the flows: systemd, or this box by this command; nobody where it is left out. */
  flowHost?: 'service' | readonly string[]
  /** A newer enrolment file was brought, or what was opened late has to be folded: the box has to be opened anew. */
  onNewFile?: () => void
  /** The regency asks for the program to be started anew. */
  onRestart?: () => void
  /** The regency has ordered that this box is erased; `say` tells it, when that is done. */
  onWipe?: (lastWord: LastWord) => void
}
