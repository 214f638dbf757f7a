import type { Health } from '../appliance/wire/messages.ts'

/** What a box says of itself when nothing is wrong with it but `codes`. */
export const boxHealth = (codes: readonly string[] = []): Health => ({
  ...{ session: 'a'.repeat(16), at: 1, clock: 'synced', backlog_entries: 0, disk_free_bytes: 1 },
  ...{ database_bytes: 1, wal_bytes: 1, temperature_c: null, undervoltage: null, printer: null },
  certificate_days_left: null,
  queue: { waiting: 0, serving: 0, taken_today: 0, completed_today: 0, median_wait_minutes: null },
  alarms: codes.map((code) => ({ code, since: 1 })),
})
