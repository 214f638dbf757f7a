import type { Pages } from '../pages.ts'

export const pages = {
  phone: {
    entry: 'phone.tsx',
    theme: 'auto',
    messages: ['phone', 'survey'],
    refusals: ['queue', 'budget', 'store'],
  },
} satisfies Pages
