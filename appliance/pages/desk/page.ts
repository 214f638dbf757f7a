import type { Pages } from '../pages.ts'

export const pages = {
  desk: {
    entry: 'desk.tsx',
    theme: 'auto',
    messages: ['desk', 'staff', 'alarm'],
    refusals: 'all',
  },
} satisfies Pages
