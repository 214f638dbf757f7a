import { join } from 'node:path'
import { hourIn } from '../base/clock.ts'
import type { Base } from '../base/rooms/base.ts'
import type { Devices } from '../devices/devices.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { Call } from './announcer.ts'
import { voiceRoutes } from './routes.ts'
import { createVoice } from './voice.ts'

type Rooms = { office: OfficeRoom; devices: Devices }

/** The voice of the waiting room; it hears of each change and speaks what `calls` are new. */
export function openVoice(base: Base, { office, devices }: Rooms, { calls }: { calls: () => readonly Call[] }) {
  const { data, zone, store, journal, clock, alarms, app, live, onClose } = base
  const voice = createVoice({
    ...{ store, journal, alarms, monotonicMs: clock.monotonicMs },
    recordedFolder: join(data, 'voice'),
    papers: () => office.services().flatMap(({ requires }) => requires),
    localHour: () => hourIn(zone, clock.read().at),
    isOpen: live.has,
    displays: () =>
      devices
        .list()
        .map(({ device }) => device)
        .filter((device) => device.startsWith('display:')),
  })
  onClose(voice.stop)
  journal.onRing(() => voice.announceNewCalls(calls))
  live.onPage((tag, open) => {
    if (tag.startsWith('display:')) voice.noticeDisplay(tag, open, live.changed)
  })
  const changed = () => {
    live.changed()
    voice.announceNewCalls(calls)
  }
  voiceRoutes(app, { voice, someCounter: () => office.counters().find(({ open }) => open)?.name ?? '', changed })
  return {
    ...voice,
    announce(called: { number: string; counter: string }): void {
      voice.addCall(called)
      changed()
    },
  }
}
