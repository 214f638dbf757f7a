import type { Health } from '../../appliance/wire/messages.ts'

const mostInteger = 2_147_483_647

/** What is kept of a health message, in the order of the columns: waiting, wait, backlog, disk_mb, celsius, low_power. */
export function sampleOf(health: Health) {
  return [
    whole(health.queue.waiting),
    fraction(health.queue.median_wait_minutes),
    whole(health.backlog_entries),
    health.disk_free_bytes === null ? null : whole(health.disk_free_bytes / 1_000_000),
    fraction(health.temperature_c),
    health.undervoltage,
  ] as const
}

/** A box may say any number: what no column holds is the nearest that it does. */
const whole = (value: number): number => Math.max(-mostInteger, Math.min(mostInteger, Math.round(value)))
const fraction = (value: number | null): number | null =>
  value === null ? null : Math.max(-1e6, Math.min(1e6, Math.round(value * 10) / 10))

/** Two messages of one minute are one row, the later one's. $1: village, $2: ms since 1970 UTC, then as `sampleOf`. */
export const upsertMinute = {
  name: 'upsert-health-minute',
  text: `
    INSERT INTO health_minute (village, at, minutes, waiting, wait, backlog, disk_mb, celsius, low_power)
    VALUES ($1, date_trunc('minute', to_timestamp($2 / 1000.0)), 1, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (village, at) DO UPDATE
    SET waiting = excluded.waiting, wait = excluded.wait, backlog = excluded.backlog, disk_mb = excluded.disk_mb,
      celsius = excluded.celsius, low_power = excluded.low_power`,
}
