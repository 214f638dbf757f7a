import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { KioskView } from '../../screens/kiosk-view.ts'
import { t } from '../ui/messages.ts'
import { Countdown } from './countdown.tsx'
import { Keyboard } from './keyboard.tsx'
import { Tile } from './tile.tsx'
import './search.css'

const shownSeconds = 50
const mostFound = 4
const longestSearch = 40

type Props = { view: KioskView; busy: boolean; take: (service: string) => void; leave: () => void }

/** An office with more services than fit on a screen: a few letters find one, in its name or in what is brought. */
export function Search({ view, busy, take, leave }: Props) {
  const text = useSignal('')
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  useEffect(() => {
    const key = (event: KeyboardEvent) => event.key === 'Escape' && leave()
    addEventListener('keydown', key)
    return () => removeEventListener('keydown', key)
  })
  const words = text.value.toLowerCase().split(/\s+/).filter(Boolean)
  const found = words.length === 0 ? [] : view.services.filter((service) => says(service, words))
  const shown = found.slice(0, mostFound)
  return (
    <main class="search">
      <header>
        <input
          ref={field}
          type="search"
          inputMode="none"
          aria-label={t('kiosk.search')}
          placeholder={t('kiosk.search-what')}
          maxLength={longestSearch}
          value={text.value}
          onInput={({ currentTarget }) => {
            text.value = currentTarget.value
          }}
        />
        <Countdown key={text.value} seconds={shownSeconds} end={leave} label={t('kiosk.back')} />
      </header>
      <p class="quiet" role="status">
        {words.length > 0 &&
          (found.length === 0 ? t('kiosk.search-none') : t('kiosk.search-found', { n: found.length }))}
      </p>
      <div class="tiles found">
        {shown.map((service) => (
          <Tile key={service.service} service={service} taking={false} disabled={busy} spoken={false} take={take} />
        ))}
      </div>
      <Keyboard text={text} longest={longestSearch} />
    </main>
  )
}

const says = ({ name, requires }: KioskView['services'][number], words: string[]): boolean => {
  const all = [name, ...requires].join(' ').toLowerCase()
  return words.every((word) => all.includes(word))
}
