import { type ComponentChild, render } from 'preact'
import { restoreLanguage } from './messages.ts'

/** Draws the page once its language is there. */
export async function mount(page: ComponentChild) {
  await restoreLanguage()
  const place = document.getElementById('app')
  if (place) render(page, place)
}
