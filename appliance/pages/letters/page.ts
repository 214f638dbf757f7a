import type { Pages } from '../pages.ts'

export const pages = {
  letters: {
    entry: 'letters.tsx',
    theme: 'auto',
    messages: ['letters', 'claims', 'printing', 'staff'],
    refusals: 'all',
  },
} satisfies Pages
