import type { Pages } from '../pages.ts'

export const pages = {
  admin: {
    entry: 'admin.tsx',
    theme: 'auto',
    messages: ['admin', 'printing', 'staff'],
    refusals: 'all',
  },
} satisfies Pages
