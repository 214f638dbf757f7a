import type { Pages } from '../pages.ts'

export const pages = {
  today: {
    entry: 'today.tsx',
    theme: 'auto',
    messages: ['today', 'reports', 'staff', 'desk'],
    refusals: 'all',
  },
  reports: {
    entry: 'reports.tsx',
    theme: 'auto',
    messages: ['reports', 'staff', 'survey'],
    refusals: 'all',
  },
} satisfies Pages
