import type { Signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { Mark } from '../mark.tsx'
import { Account } from './account.tsx'
import { type Me, session } from './session.ts'

/** A part of a page: its word, how many wait in it, or in words that something does. */
export type Place<Name extends string> = { name: Name; word: string; count?: number; waits?: string | null }

type Props<Name extends string> = {
  title: string
  me: Me
  places: Place<Name>[]
  here: Signal<Name>
  /** Links to other pages that belong to this one. */
  children?: ComponentChildren
}

/** More tabs than these take too many lines of a phone: there one is chosen from a list. */
const tabsOnPhone = 4

/** The head of a page of the staff that has parts: whose office, the parts, and who is logged in. */
export function StaffTop<Name extends string>({ title, me, places, here, children }: Props<Name>) {
  const folds = places.length > tabsOnPhone
  const go = (name: Name) => {
    here.value = name
  }
  return (
    <header class={`top placed ${folds ? 'folding' : ''}`}>
      <Mark />
      <b>{session.value?.office.name ?? ''}</b>
      <nav class="places" aria-label={title}>
        {places.map(({ name, word, count = 0, waits }) => (
          <button
            key={name}
            type="button"
            aria-current={here.value === name ? 'page' : undefined}
            onClick={() => go(name)}
          >
            <span>
              {word}
              {count > 0 && <b class="count">{count}</b>}
              {waits && <Dot words={waits} />}
            </span>
          </button>
        ))}
        {folds && <PlaceList title={title} places={places} here={here.value} go={go} />}
        {children}
      </nav>
      <div class="end">
        <Account me={me} />
      </div>
    </header>
  )
}

type ListProps<Name extends string> = { title: string; places: Place<Name>[]; here: Name; go: (name: Name) => void }

function PlaceList<Name extends string>({ title, places, here, go }: ListProps<Name>) {
  /** A closed list shows nothing of what waits in its other parts. */
  const elsewhere = places.filter(({ name, count = 0, waits }) => name !== here && (count > 0 || waits))
  return (
    <label class="place-list">
      <span class="unseen">{title}</span>
      <select
        value={here}
        onChange={({ currentTarget }) => {
          const chosen = places.find(({ name }) => name === currentTarget.value)
          if (chosen) go(chosen.name)
        }}
      >
        {places.map((place) => (
          <option key={place.name} value={place.name}>
            {inWords(place)}
          </option>
        ))}
      </select>
      {elsewhere.length > 0 && <Dot words={elsewhere.map(inWords).join(', ')} />}
    </label>
  )
}

function Dot({ words }: { words: string }) {
  return (
    <>
      <i class="dot" />
      <span class="unseen"> {words}</span>
    </>
  )
}

function inWords({ word, count = 0, waits }: Place<string>): string {
  const about = waits ?? (count > 0 ? String(count) : null)
  return about === null ? word : `${word} (${about})`
}
