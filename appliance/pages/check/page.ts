import type { Pages } from '../pages.ts'

export const pages = {
  check: {
    entry: 'check.tsx',
    theme: 'auto',
    messages: ['check'],
    refusals: ['budget'],
  },
} satisfies Pages
