/** The parts of the settings page, in the order of its tabs. */
export const tabs = [
  'start',
  'services',
  'counters',
  'people',
  'hours',
  'bookings',
  'calling',
  'voice',
  'languages',
  'printer',
  'notice',
] as const

export type Tab = (typeof tabs)[number]
