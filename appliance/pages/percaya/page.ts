import type { Pages } from '../pages.ts'

export const pages = {
  percaya: {
    entry: 'percaya.tsx',
    theme: 'auto',
    messages: ['percaya'],
    refusals: [],
  },
} satisfies Pages
