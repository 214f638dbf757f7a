import type { Pages } from '../pages.ts'

export const pages = {
  waiting: {
    entry: 'waiting.tsx',
    theme: 'auto',
    messages: ['waiting'],
    refusals: 'all',
  },
} satisfies Pages
