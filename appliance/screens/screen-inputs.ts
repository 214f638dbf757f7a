import type { Alarm, PrinterView, RelayView } from '../base/web/status-views.ts'
import type { WaitRange } from '../queue/ticket-view.ts'
import type { DisplayView } from './display-view.ts'

/** What the views show of other rooms. */
export type Around = {
  relay: () => RelayView
  alarms: () => Alarm[]
  personName: (account: string) => string | null
  voice: () => DisplayView['voice']
  printer: () => PrinterView
  wasSurveyed: (ticket: string) => boolean
  /** Prefixes of services whose spoken name exists. */
  spoken: () => string[]
  /** Address of this box as phones reach it: http://192.168.1.5. */
  phoneBase: () => string
  /** How long a ticket waits: by its id, or for a new one by its service. */
  waitOf: (ticket: string) => WaitRange
  waitFor: (service: string) => WaitRange
}
