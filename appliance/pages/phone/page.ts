import type { Pages } from '../pages.ts'

export const pages = {
  phone: {
    entry: 'phone.tsx',
    theme: 'auto',
    messages: ['phone', 'survey'],
    // Of what a citizen does with the own number, of the letter that is taken home, and of the survey.
    refusals: [
      'store',
      'budget.look',
      'budget.step',
      'cases.home-locked',
      'cases.home-none',
      'cases.home-unread',
      'cases.home-wrong',
      'queue.gave-way-enough',
      'queue.nobody-behind',
      'queue.not-served-yet',
      'queue.not-your-step',
      'queue.nothing-to-undo',
      'queue.ticket-not-called',
      'queue.ticket-not-waiting',
      'queue.ticket-unknown',
      'queue.too-late-to-undo',
    ],
  },
} satisfies Pages
