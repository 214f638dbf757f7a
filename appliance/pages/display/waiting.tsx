import type { DisplayView } from '../../screens/display-view.ts'
import { count, t } from '../ui/messages.ts'
import { Notice } from './notice.tsx'

// In a longer row nobody looks for a nought.
const fewServices = 8

/** How many wait for what, and what the office wants to say. */
export function Waiting({ services, notice }: Pick<DisplayView, 'services' | 'notice'>) {
  const shown = services.length > fewServices ? services.filter(({ waiting }) => waiting > 0) : services
  return (
    <footer>
      <ul class="waiting">
        {shown.length > 0 && <li class="word">{t('display.waiting-word')}</li>}
        {shown.map((service) => (
          <li key={service.prefix}>
            <b>{service.prefix}</b>
            {count(service.waiting)}
          </li>
        ))}
      </ul>
      {notice && <Notice key={notice} text={notice} />}
    </footer>
  )
}
