import { useComputed } from '@preact/signals'
import { clockTrust, now } from './clock.ts'
import { formatDay, formatTime } from './format.ts'

/** The time of the office; nothing while the box does not know it, since a wrong time on a wall misleads a room. */
export function OfficeTime({ class: name = '' }: { class?: string }) {
  const shown = useComputed(() => (isKnown() ? formatTime(now.value) : ''))
  return <time class={`num ${name}`}>{shown.value}</time>
}

export function OfficeDay() {
  const shown = useComputed(() => (isKnown() ? formatDay(now.value) : ''))
  return <>{shown.value}</>
}

const isKnown = () => clockTrust.value === 'synced' || clockTrust.value === 'confirmed'
