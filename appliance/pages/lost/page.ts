import type { Pages } from '../pages.ts'

export const pages = {
  lost: {
    entry: 'lost.tsx',
    theme: 'auto',
    messages: ['lost'],
    refusals: [],
  },
} satisfies Pages
