import { type ComponentChild, render } from 'preact'
import { restoreLanguage } from './messages.ts'

/** Draws the page once its language is there, or could not be had. */
export function mount(page: ComponentChild): void {
  const draw = () => {
    const place = document.getElementById('app')
    if (place) render(page, place)
  }
  restoreLanguage().then(draw, draw)
}
