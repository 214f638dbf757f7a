import type { Pages } from '../pages.ts'

export const pages = {
  kiosk: {
    entry: 'kiosk.tsx',
    theme: 'light',
    messages: ['kiosk', 'device'],
    later: ['survey', 'times'],
    // Of its three ways to a number, of paper and of the survey. What the box itself lacks it sends to a clerk with.
    refusals: [
      'pickup',
      'store',
      'queue.booking-code-unknown',
      'queue.booking-early',
      'queue.booking-ended',
      'queue.booking-late',
      'queue.not-served-yet',
      'queue.number-range',
      'queue.outside-hours',
      'queue.quota-used',
      'queue.service-closed',
      'queue.service-unknown',
      'queue.ticket-unknown',
      'queue.too-fast',
      'queue.too-late',
    ],
  },
} satisfies Pages
