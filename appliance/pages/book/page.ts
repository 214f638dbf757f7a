import type { Pages } from '../pages.ts'

export const pages = {
  book: {
    entry: 'book.tsx',
    theme: 'auto',
    messages: ['book', 'times'],
    refusals: ['queue', 'booking', 'budget', 'store'],
  },
} satisfies Pages
