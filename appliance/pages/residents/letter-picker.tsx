import { useSignal } from '@preact/signals'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import type { LetterTemplates } from '../../letters/views.ts'
import { t } from '../ui/messages.ts'

type Template = Pick<LetterTemplates['templates'][number], 'code' | 'title' | 'aka'>

/** As many as are looked over at once. */
const mostShown = 8

/** Which letter, or what else: found by any words of its name, or by what it is called for short; Enter takes the first. */
export function LetterPicker({
  label = t('letters.which'),
  templates,
  choose,
}: {
  label?: string
  templates: readonly Template[]
  choose: (one: Template) => void
}) {
  const query = useSignal('')
  const box = useRef<HTMLInputElement>(null)
  const id = useId()
  useLayoutEffect(() => box.current?.focus(), [])
  const found = find(templates, query.value)
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        ref={box}
        id={id}
        type="search"
        value={query.value}
        autocomplete="off"
        aria-describedby={`${id}-say`}
        onInput={({ currentTarget }) => {
          query.value = currentTarget.value
        }}
        onKeyDown={(event) => {
          const [first] = found
          if (event.key !== 'Enter' || !first) return
          event.preventDefault()
          choose(first)
        }}
      />
      <small id={`${id}-say`} class="quiet" role="status">
        {found.length === 0
          ? t('letters.none-found')
          : found.length > mostShown
            ? t('letters.more-found', { n: found.length })
            : ''}
      </small>
      <div class="letters-found">
        {found.slice(0, mostShown).map((one) => (
          <button key={one.code} type="button" class="button" onClick={() => choose(one)}>
            {one.title}
          </button>
        ))}
      </div>
    </div>
  )
}

/** Those that have every word, first those that have them as they were typed; else in the order in which they came. */
function find(templates: readonly Template[], query: string): Template[] {
  const typed = query.toLowerCase().trim()
  const words = typed.split(/\s+/)
  const textOf = ({ title, aka }: Template): string => [title, ...aka].join(' ').toLowerCase()
  const found = templates.filter((one) => words.every((word) => textOf(one).includes(word)))
  const isWhole = (one: Template): boolean => textOf(one).includes(typed)
  return [...found.filter(isWhole), ...found.filter((one) => !isWhole(one))]
}
