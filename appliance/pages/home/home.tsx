import 'messages:home'
import '../ui/base.css'
import '../ui/theme-auto.css'
import { links } from 'rooms:home'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Office } from '../../base/web/office-view.ts'
import { ask } from '../ui/api.ts'
import { LanguageSwitch } from '../ui/language-switch.tsx'
import { Mark } from '../ui/mark.tsx'
import { t } from '../ui/messages.ts'
import { mount } from '../ui/mount.tsx'
import './home.css'

/** Where is what on this box. */
function Home() {
  const office = useSignal<Office | null>(null)
  useEffect(() => {
    // The name is a courtesy: without it the links still lead on.
    ask<{ office: Office }>('GET', '/api/session').then(
      (answer) => {
        office.value = answer.office
      },
      () => {},
    )
  }, [])
  return (
    <main class="home">
      <header>
        <Mark />
        <div>
          <h1>{office.value?.name ?? t('home.title')}</h1>
          <p class="quiet">{office.value?.district ? t('ui.district', { name: office.value.district }) : '\u00a0'}</p>
        </div>
      </header>
      <nav>
        {links.map((name) => (
          <a key={name} href={`/${name}`}>
            <b>{t(`home.${name}`)}</b>
            <span class="quiet">{t(`home.${name}-what`)}</span>
          </a>
        ))}
      </nav>
      <a class="quiet" href="/percaya">
        {t('home.percaya')}
      </a>
      <LanguageSwitch keep="remember" />
    </main>
  )
}

mount(<Home />)
