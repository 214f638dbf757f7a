import type { DisplayView } from '../../screens/display-view.ts'
import { count, t } from '../ui/messages.ts'

// More services than this get one word in front instead of one each.
const spelledOut = 4
const fewServices = 8

/** How many wait for what, and what the office wants to say. */
export function Waiting({ services, notice }: Pick<DisplayView, 'services' | 'notice'>) {
  const short = services.length > spelledOut
  // In a long row nobody looks for a nought.
  const shown = services.length > fewServices ? services.filter(({ waiting }) => waiting > 0) : services
  return (
    <footer>
      <ul class="waiting">
        {short && shown.length > 0 && <li class="word">{t('display.waiting-word')}</li>}
        {shown.map((service) => (
          <li key={service.prefix}>
            <b>{service.prefix}</b>
            {short ? count(service.waiting) : spell(service.waiting)}
          </li>
        ))}
      </ul>
      {notice && <p class="notice">{notice}</p>}
    </footer>
  )
}

const spell = (waiting: number) => (waiting ? t('display.waiting', { n: waiting }) : t('display.nobody-waiting'))
