import type { Pages } from '../pages.ts'

export const pages = {
  visitor: {
    entry: 'visitor.tsx',
    theme: 'auto',
    messages: ['visitor'],
    refusals: [],
  },
} satisfies Pages
