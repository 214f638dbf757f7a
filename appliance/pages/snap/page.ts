import type { Pages } from '../pages.ts'

export const pages = {
  snap: {
    entry: 'snap.tsx',
    theme: 'auto',
    messages: ['snap', 'photo'],
    refusals: ['cases', 'case-phone', 'budget', 'store'],
  },
} satisfies Pages
