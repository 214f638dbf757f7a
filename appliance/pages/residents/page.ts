import type { Pages } from '../pages.ts'

export const pages = {
  residents: {
    entry: 'residents.tsx',
    theme: 'auto',
    messages: ['residents', 'imports', 'letters', 'claims', 'proposals', 'staff'],
    refusals: 'all',
  },
} satisfies Pages
