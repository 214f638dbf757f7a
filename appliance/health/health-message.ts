import type { Clock } from '../base/clock.ts'
import type { PrinterView } from '../print/views.ts'
import type { Queue } from '../queue/queue.ts'
import type { MachineHealth } from './health.ts'

/** What the regency hears each minute (wire: health). */
export function healthMessage(queue: Queue, health: MachineHealth, clock: Clock, printer: PrinterView) {
  const { at, trust } = clock.read()
  const { temperatureC, diskFreeBytes, power, certificateDaysLeft } = health.readings()
  const { databaseBytes, walBytes } = health.sizes()
  return {
    at,
    clock: trust,
    ntp: clock.ntp(),
    queue: queue.summary(),
    disk_free_bytes: diskFreeBytes,
    database_bytes: databaseBytes,
    wal_bytes: walBytes,
    temperature_c: temperatureC,
    undervoltage: power?.low ?? null,
    printer: printer.state === 'none' ? null : (printer.reason ?? printer.state),
    certificate_days_left: certificateDaysLeft,
  }
}
