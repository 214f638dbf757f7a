import { useEffect } from 'preact/hooks'
import { t } from '../ui/messages.ts'
import { type Person, session } from '../ui/staff/session.ts'
import { chooseCounter, chosenCounter, wantsSeat } from './seat.ts'

/** Under the name tiles: at which counter. A person's own last counter is offered first. */
export function CounterRow({ person }: { person: Person | null }) {
  const counters = session.value?.counters ?? []
  useEffect(() => {
    wantsSeat.value = true
    const [only] = counters
    if (only && counters.length === 1) chooseCounter(only.counter)
    if (person?.counter && counters.some((one) => one.counter === person.counter)) chooseCounter(person.counter)
  }, [person?.account])
  return (
    <fieldset class="counter-row">
      <legend class="unseen">{t('desk.which-counter')}</legend>
      {counters.map((one) => (
        <button
          key={one.counter}
          type="button"
          aria-pressed={one.counter === chosenCounter.value}
          onClick={() => chooseCounter(one.counter)}
        >
          {one.name}
        </button>
      ))}
    </fieldset>
  )
}
