import { Type } from 'typebox'
import type { Base } from '../base/rooms/base.ts'
import { closedType, Id } from '../base/schemas.ts'
import { managers, overseers, staff } from '../base/web/callers.ts'
import { liveRoute } from '../base/web/live-route.ts'
import type { Datasets } from '../datasets/datasets.ts'
import type { Devices } from '../devices/devices.ts'
import { createAdminView } from './admin.ts'
import { createScreens } from './screens.ts'
import type { Shown } from './shown.ts'

type Rooms = Omit<Shown, 'head' | 'alarms' | 'phoneBase'> & { devices: Devices; datasets: Datasets }

/** What people see of the rooms, live: kiosk, display, phones, desk and settings. */
export function openScreens({ app, live, head, alarms, phoneBase }: Base, rooms: Rooms) {
  const parts = { head, alarms, phoneBase, ...rooms }
  const screens = createScreens(parts)
  const admin = createAdminView({ ...parts, isOpen: live.has })
  // The first steps show which screens are open; a display that opens or closes is news for every view anyway.
  live.onPage((tag) => {
    if (tag.startsWith('kiosk:')) live.changed(['admin'])
  })
  liveRoute(app, live, 'line', { mayCall: ['anyone'], spends: 'look' }, () => ({ name: 'line', compute: screens.line }))
  liveRoute(app, live, 'kiosk', { mayCall: ['kiosk', ...staff] }, () => ({ name: 'kiosk', compute: screens.kiosk }))
  liveRoute(app, live, 'display', { mayCall: ['display', 'kiosk', ...staff] }, () => ({
    name: 'display',
    compute: screens.display,
  }))
  const AtDesk = closedType({ counter: Type.Optional(Id) })
  liveRoute(app, live, 'desk', { mayCall: staff, query: AtDesk }, ({ counter = null }) => ({
    name: `desk ${counter}`,
    compute: () => screens.desk(counter),
  }))
  liveRoute(app, live, 'counters', { mayCall: overseers }, () => ({ name: 'counters', compute: screens.counters }))
  liveRoute(app, live, 'admin', { mayCall: managers }, () => ({ name: 'admin', compute: admin }))
  return { ...screens, admin }
}
