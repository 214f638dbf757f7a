import { mkdirSync } from 'node:fs'
import { openRecovery } from './backup/recovery.ts'
import { createAlarms } from './base/alarms.ts'
import { createClock, systemClock } from './base/clock.ts'
import { createJournal, type Hardware } from './base/journal/journal.ts'
import { refold } from './base/journal/refold.ts'
import type { OnClose } from './base/open-in-order.ts'
import { foldingOf, tablesOf } from './base/rooms/room.ts'
import { databasePath, lockFolder } from './base/store/folder.ts'
import { openStore } from './base/store/store.ts'
import type { BoxConfig } from './config.ts'
import { openMembership } from './enrolment/membership.ts'
import { takeOverOffice } from './enrolment/move-office.ts'
import { rooms } from './rooms.ts'
import type { BoxSurroundings } from './surroundings.ts'

/** The truth first: nothing else may start on a journal that is damaged, newer, or another village's. */
export function openJournal(config: BoxConfig, around: BoxSurroundings & { hardware: Hardware }, onClose: OnClose) {
  const { data, village, member } = config
  const { log, system = systemClock, hardware } = around
  mkdirSync(data, { recursive: true, mode: 0o700 })

  // One process per data folder: a second one would write numbers that the first does not know.
  onClose(lockFolder(data))
  const clock = createClock(system)
  const onListenerFailure = (error: unknown) => log.error({ err: error }, 'who listens to a change failed')
  const alarms = createAlarms(() => clock.read().at, clock.monotonicMs, onListenerFailure)
  const store = openStore(databasePath(data), clock, onListenerFailure)
  onClose(store.close)
  const all = around.rooms ?? rooms
  const folding = foldingOf(all, store.db)
  const journal = createJournal(store, village, folding, {
    recipients: async () => ({
      village: (await openRecovery(data, member?.recovery ?? null)).recipient,
      regency: config.regency_recipient ?? null,
    }),
    ...(around.onProgress ? { onProgress: around.onProgress } : {}),
  })
  const trusted = journal.trustedUntil()
  if (trusted) clock.raiseFloor(trusted)

  const membership = member && openMembership(data, member)
  store.mending(() => journal.open(hardware, { reissued: membership?.holdsNumbers() ?? false }))
  membership?.forgetHold()
  if (around.oldJournal) {
    const count = takeOverOffice(store, journal, around.oldJournal)
    if (count > 0) log.info({ count, from: around.oldJournal }, 'the office goes on under its new code')
  }
  if (journal.isRefoldDue()) {
    const folded = refold(store, journal, { folding, tables: tablesOf(all) }, around.onProgress ?? (() => {}))
    log.info(folded, 'private parts were opened: the journal was folded again')
  }
  journal.beginRun()
  onClose(journal.endRun)
  const cut = store.mending(journal.cutDamageAtStart)
  log.info({ rows: journal.lastRow(), cut }, 'the journal is open')
  return { clock, alarms, store, journal, membership }
}
