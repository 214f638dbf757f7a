import 'messages:home'
import '../ui/base.css'
import '../ui/theme-auto.css'
import '../ui/button.css'
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

/** Where is what on this box; on a new one the one thing that there is to do. */
function Home() {
  const office = useSignal<Office | null>(null)
  const setup = useSignal(false)
  useEffect(() => {
    // The name is a courtesy: without it the links still lead on.
    ask<{ office: Office; setup: boolean }>('GET', '/api/session').then(
      (answer) => {
        office.value = answer.office
        setup.value = answer.setup
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
      {setup.value ? (
        <section class="first">
          <h2>{t('home.setup')}</h2>
          <p class="quiet">{t('home.setup-what')}</p>
          <a class="button button-main" href="/admin">
            {t('home.setup-go')}
          </a>
        </section>
      ) : (
        <nav>
          {links.map((name) => (
            <a key={name} href={`/${name}`}>
              <b>{t(`home.${name}`)}</b>
              <span class="quiet">{t(`home.${name}-what`)}</span>
            </a>
          ))}
        </nav>
      )}
      <a class="quiet" href="/percaya">
        {t('home.percaya')}
      </a>
      <LanguageSwitch keep="remember" />
    </main>
  )
}

mount(<Home />)
