import type { Pages } from '../pages.ts'

export const pages = {
  phone: {
    entry: 'phone.tsx',
    theme: 'auto',
    messages: ['phone', 'survey'],
    refusals: ['queue', 'cases', 'budget', 'store'],
  },
} satisfies Pages
