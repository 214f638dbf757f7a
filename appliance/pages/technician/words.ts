import type { Values } from '../../base/messages/fill.ts'
import { now, zone } from '../ui/clock.ts'
import { find, locale } from '../ui/messages.ts'

/** How this page says checks: in its language, by the office's clock. */
export const words = () => ({
  say: (key: string, values: Values = {}) => find(key, values) ?? key,
  locale: locale(),
  zone: zone.value,
  now: now.value,
})
