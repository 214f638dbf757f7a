import type { Pages } from '../../appliance/pages/pages.ts'

export const pages = {
  agency: {
    entry: 'agency.tsx',
    theme: 'auto',
    messages: ['agency', 'staff'],
    refusals: 'all',
  },
} satisfies Pages
