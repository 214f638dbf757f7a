import type { Pages } from '../pages.ts'

export const pages = {
  cases: {
    entry: 'cases.tsx',
    theme: 'auto',
    messages: ['cases', 'photo', 'staff'],
    refusals: 'all',
  },
} satisfies Pages
