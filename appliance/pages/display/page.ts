import type { Pages } from '../pages.ts'

export const pages = {
  display: {
    entry: 'display.tsx',
    theme: 'dark',
    messages: ['display', 'device'],
    refusals: [],
  },
} satisfies Pages
