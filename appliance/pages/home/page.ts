import type { Pages } from '../pages.ts'

export const pages = {
  home: {
    entry: 'home.tsx',
    theme: 'auto',
    messages: ['home'],
    refusals: [],
  },
} satisfies Pages
