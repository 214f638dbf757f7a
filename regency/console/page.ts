import type { Pages } from '../../appliance/pages/pages.ts'

export const pages = {
  hub: {
    entry: 'hub.tsx',
    theme: 'auto',
    messages: ['hub', 'staff', 'alarm', 'proposals'],
    refusals: 'all',
  },
} satisfies Pages
