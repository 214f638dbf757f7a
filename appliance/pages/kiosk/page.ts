import type { Pages } from '../pages.ts'

export const pages = {
  kiosk: {
    entry: 'kiosk.tsx',
    theme: 'light',
    messages: ['kiosk', 'device', 'survey', 'times'],
    refusals: ['queue', 'store', 'pickup'],
  },
} satisfies Pages
