import type { Pages } from '../pages.ts'

export const pages = {
  technician: {
    entry: 'technician.tsx',
    theme: 'auto',
    messages: ['technician', 'check', 'printing', 'staff', 'alarm', 'relay', 'stick', 'waiting'],
    refusals: 'all',
  },
} satisfies Pages
