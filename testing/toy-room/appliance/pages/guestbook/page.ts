import type { Pages } from '../pages.ts'

export const pages = {
  guestbook: { entry: 'guestbook.tsx', theme: 'auto', messages: ['guestbook'], refusals: [] },
} satisfies Pages
