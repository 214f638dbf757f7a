import type { Pages } from '../pages.ts'

export const pages = {
  residents: {
    entry: 'residents.tsx',
    theme: 'auto',
    messages: ['residents', 'cases', 'claims', 'imports', 'letters', 'photo', 'proposals', 'printing', 'staff'],
    refusals: 'all',
  },
} satisfies Pages
